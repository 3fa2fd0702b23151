// SPDX-License-Identifier: BSD-3-Clause
// Config: all settings of exapulsed with their defaults, and the table of their names and bounds.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/socket_path.hpp"
#include "common/time.hpp"

namespace exapulse {

inline constexpr std::string_view default_config_path = "/etc/exapulse/exapulse.toml";

/// One [[access.rule]], as the file has it; the names are looked up by resolve_access().
struct AccessRuleConfig {
    std::string place{};  ///< where it is in the file
    std::string name{};
    std::vector<std::string> who{};
    std::string role = "operate";
    std::vector<std::string> allow{}, deny{}, prefixes{}, peers{};
};

struct Config {
    struct {
        std::string socket;
        std::string fifo;
        std::string pidfile;
    } upstream;
    struct {
        Milliseconds interval{10'000};
        std::int64_t attempts = 3;
    } health;
    struct {
        Milliseconds hold{5'000};
        Milliseconds deadline{30'000};
        bool confirm = true;
        std::int64_t in_flight = 64;
        std::uint64_t in_flight_bytes = 64U << 10;
        std::vector<std::string> unguarded;
    } commands;
    struct {
        Milliseconds interval{5'000};
    } peers;
    struct {
        std::string path{default_socket_path};
        std::string mode = "0660";
        std::string group;
        std::vector<std::string> admins;
        bool exabgp_alias = true;
    } socket;
    struct {
        std::vector<std::string> observe;
        std::vector<std::string> operate{"@socket"};
        std::vector<std::string> admin;
        std::vector<AccessRuleConfig> rules;
    } access;
    struct {
        std::string keep = "asked";
        std::int64_t batch = 32;
        std::vector<std::string> eor{};
    } routes;
    struct {
        std::int64_t clients = 1'024;
        std::int64_t clients_per_uid = 1'024;
        std::int64_t admin_clients = 16;
        std::int64_t client_pending = 16'384;
        std::uint64_t client_backlog = 8U << 20;
        Milliseconds slow_reader{5'000};
        std::int64_t departed_commands = 16'384;
        std::uint64_t memory = 256U << 20;
        std::uint64_t line_length = 1U << 20;
        std::uint64_t echo = 192U << 10;
        std::int64_t communities = 1'000;
        std::uint64_t answer_line = 64U << 20;
        std::int64_t history = 10'000;
        std::int64_t routes = 250'000;
    } limits;
    struct {
        std::string dir = "/var/lib/exapulse";
    } state;
    struct {
        bool store = true;
        Milliseconds age = std::chrono::days(90);
        std::uint64_t size = 64U << 20;
        std::int64_t queue = 10'000;
        bool peers = false;
        bool commands = false;
    } history;
    struct {
        std::string level = "info";
        std::string audit = "changes";
        Milliseconds slow{1'000};
    } log;
    struct {
        std::int64_t lines = 1'000;
        std::uint64_t line_length = 512;
        std::int64_t files = 5;
    } recorder;
};

/// An error in the configuration; what() is a complete line for the operator.
class ConfigError : public std::runtime_error {
  public:
    /// `text` may quote the file: what() has it as printable() shows it.
    explicit ConfigError(std::string_view text);
};

/// The defaults of a named instance, one of several on a host; instances share no file.
[[nodiscard]] Config defaults_of_instance(std::string_view name);
[[nodiscard]] std::string instance_config_path(std::string_view name);

/// The types of value, each with its place in a Config and the values allowed there.
struct DurationField {
    Milliseconds* value;
    Milliseconds least, most;
};
struct CountField {
    std::int64_t* value;
    std::int64_t least, most;
};
struct SizeField {
    std::uint64_t* value;
    std::uint64_t least, most;
};
struct TextField {
    std::string* value;
    /// Returns what is wrong with a text, empty if it is valid.
    std::string (*problem)(const std::string& text);
};
struct SwitchField {
    bool* value;
};
struct ListField {
    std::vector<std::string>* value;
    std::string (*problem)(const std::string& item);  ///< as in TextField
};
/// A list of tables, which only the file has.
struct RulesField {
    std::vector<AccessRuleConfig>* value;
};
using ConfigField = std::variant<DurationField, CountField, SizeField, TextField, SwitchField,
                                 ListField, RulesField>;

/// A key of a rule that holds text, or a list of texts.
struct RuleKey {
    std::string_view name;
    std::string AccessRuleConfig::*text;
    std::vector<std::string> AccessRuleConfig::*list;
    std::string (*problem)(const std::string& item);  ///< as TextField's
};
[[nodiscard]] std::span<const RuleKey> rule_keys();

struct ConfigKey {
    std::string_view table;
    std::string_view name;
    bool live;  ///< SIGHUP applies a change; otherwise it requires a restart
    ConfigField (*field)(Config& config);
    std::string_view help;

    [[nodiscard]] std::string full_name() const;
};

/// All keys, in display order.
[[nodiscard]] std::span<const ConfigKey> config_keys();

/// Sets one key from text, as a command-line flag does. Throws ConfigError, whose text begins with
/// `said_by`, the origin of the value.
void set_config_key(Config& config, std::string_view full_name, const std::string& text,
                    std::string_view said_by);

/// A value in the syntax of the file.
[[nodiscard]] std::string format_value(const ConfigField& field);

/// The whole configuration as a file that load_config() can read; with `commented` every key is
/// commented out, as in the example that is installed.
[[nodiscard]] std::string print_config(Config config, bool commented);

/// The result of a reload.
struct Reload {
    Config config;  ///< to run with from now on
    std::vector<std::string>
        kept;  ///< full names of the keys that keep their values until a restart
};

/// `fresh`, except that the keys that SIGHUP cannot apply keep the values of `running`.
[[nodiscard]] Reload keep_unless_live(Config running, Config fresh);

}  // namespace exapulse
