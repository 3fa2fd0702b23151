// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/config/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_address.hpp"
#include "common/ip_prefix.hpp"
#include "common/printable.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"
#include "common/words.hpp"
#include "daemon/exabgp/command_guard.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

std::string anything(const std::string&) {
    return {};
}

std::string socket_problem(const std::string& text) {
    return socket_path_problem(text).value_or("");
}

std::string optional_socket_problem(const std::string& text) {
    return text.empty() ? std::string() : socket_problem(text);
}

std::string mode_problem(const std::string& text) {
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (error != std::errc{} || end != text.data() + text.size() || mode > 0777)
        return "must be an octal file mode such as \"0660\"";
    return {};
}

std::string level_problem(const std::string& text) {
    constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
    if (std::find(levels.begin(), levels.end(), text) != levels.end()) return {};
    return fmt::format("must be one of {}", fmt::join(levels, ", "));
}

std::string audit_problem(const std::string& text) {
    return text == "off" || text == "changes" || text == "all" ? std::string()
                                                               : "must be one of off, changes, all";
}

std::string family_problem(const std::string& text) {
    const auto found = words(text);
    const bool afi =
        found.size() == 2 && (found[0] == "ipv4" || found[0] == "ipv6" || found[0] == "l2vpn");
    return afi ? "" : "must be an address family as ExaBGP has it, such as \"ipv4 unicast\"";
}

std::string keep_problem(const std::string& text) {
    if (text == "asked" || text == "all") return {};
    return "\"asked\" or \"all\" is expected";
}

std::string directory_problem(const std::string& text) {
    return text.starts_with('/') ? std::string() : "must be an absolute path";
}

std::string optional_path_problem(const std::string& text) {
    return text.empty() ? std::string() : directory_problem(text);
}

std::string who_problem(const std::string& text) {
    return text.empty() || text == "@"
               ? "may hold users, \"@GROUP\", \"@socket\" for the group of the socket, and \"*\""
               : std::string();
}

std::string role_problem(const std::string& text) {
    const auto role = parse_role(text);
    if (role && *role != Role::None) return {};
    return "must be one of observe, operate, admin";
}

std::string pattern_problem(const std::string& text) {
    return text.find_first_not_of(" \t") == std::string::npos
               ? "may hold the first words of commands, such as \"announce route\""
               : std::string();
}

std::string prefix_problem(const std::string& text) {
    return IpPrefix::parse(text) ? std::string() : "may hold prefixes such as \"192.0.2.0/24\"";
}

std::string peer_problem(const std::string& text) {
    return is_address(text) ? std::string() : "may hold addresses of peers";
}

constexpr std::array access_rule_keys{
    RuleKey{"name", &AccessRuleConfig::name, nullptr, anything},
    RuleKey{"who", nullptr, &AccessRuleConfig::who, who_problem},
    RuleKey{"role", &AccessRuleConfig::role, nullptr, role_problem},
    RuleKey{"allow", nullptr, &AccessRuleConfig::allow, pattern_problem},
    RuleKey{"deny", nullptr, &AccessRuleConfig::deny, pattern_problem},
    RuleKey{"prefixes", nullptr, &AccessRuleConfig::prefixes, prefix_problem},
    RuleKey{"peers", nullptr, &AccessRuleConfig::peers, peer_problem},
};

std::string guard_problem(const std::string& text) {
    const auto names = guard_names();
    if (std::find(names.begin(), names.end(), text) != names.end()) return {};
    return fmt::format("may contain {}", fmt::join(names, ", "));
}

// A line longer than 1 MiB kills ExaBGP's control helper for everybody, so no configuration may
// allow one (MAX_COMMAND_SIZE in ExaBGP's application/unixsocket.py).
constexpr std::uint64_t longest_line = 1U << 20;

constexpr std::array key_table{
    ConfigKey{"upstream", "socket", true,
              [](Config& c) -> ConfigField {
                  return TextField{&c.upstream.socket, optional_socket_problem};
              },
              "ExaBGP's Unix socket. Empty: found as ExaBGP's own CLI finds it, first\n"
              "exabgp_api_socketpath, then /run/exabgp, /run/UID, /run, the same in /var/run, and\n"
              "all of them below /usr/local; exapulsed --check-config lists them.\n"
              "A change takes effect at the next connect."},
    ConfigKey{"upstream", "fifo", true,
              [](Config& c) -> ConfigField {
                  return TextField{&c.upstream.fifo, optional_path_problem};
              },
              "The named pipes of ExaBGP 4.2 and 5.0, without .in and .out. Empty: if there is no\n"
              "socket they are searched for in the same directories, under the name exabgp or the\n"
              "one set by exabgp_api_pipename or in ExaBGP's own exabgp.env."},
    ConfigKey{
        "upstream", "pidfile", true,
        [](Config& c) -> ConfigField {
            return TextField{&c.upstream.pidfile, optional_path_problem};
        },
        "ExaBGP's own pid file (exabgp.daemon.pid). With 4.2 and 5.0 it distinguishes a restart\n"
        "from a reload if exapulsed may not see ExaBGP's processes."},
    ConfigKey{"health", "interval", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.health.interval, 50ms, 1h};
              },
              "How often ExaBGP is pinged."},
    ConfigKey{"health", "attempts", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.health.attempts, 1, 1000};
              },
              "Consecutive unanswered pings after which ExaBGP counts as failed."},
    ConfigKey{"commands", "hold", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.commands.hold, 0ms, 1h};
              },
              "How long to hold a command while ExaBGP is unreachable before failing it as\n"
              "not-sent."},
    ConfigKey{"commands", "deadline", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.commands.deadline, 100ms, 24h};
              },
              "How long the answer to a command may make no progress before the command fails as\n"
              "outcome-unknown."},
    ConfigKey{"commands", "confirm", true,
              [](Config& c) -> ConfigField { return SwitchField{&c.commands.confirm}; },
              "Verify the answers of ExaBGP 6 by requesting an echo after each command, or after\n"
              "several written together, so that no client gets a stray answer. Without it ExaBGP\n"
              "has one line less to read, and answers are matched by order alone."},
    ConfigKey{"commands", "in_flight", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.commands.in_flight, 1, 1'024};
              },
              "Maximum number of announces and withdraws in flight to ExaBGP 6: half of them are\n"
              "written together, with one echo after them. Other commands, and all commands to\n"
              "ExaBGP 4.2 and 5.0, are written one at a time. Raising it from 1 takes effect at\n"
              "the next connect."},
    ConfigKey{"commands", "in_flight_bytes", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.commands.in_flight_bytes, 1U << 10, 1U << 20};
              },
              "Maximum total size of these commands in flight."},
    ConfigKey{
        "commands", "unguarded", true,
        [](Config& c) -> ConfigField {
            return ListField{&c.commands.unguarded, guard_problem};
        },
        "Commands that harm some version of ExaBGP are refused. \"json\" allows the word json in\n"
        "any command to 5.0, \"flush\" allows flush and clear adj-rib on 4.2, and \"selector\"\n"
        "allows commands that would reach other peers than they name."},
    ConfigKey{"peers", "interval", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.peers.interval, 100ms, 1h};
              },
              "How often to poll ExaBGP for peer state. Only while a client is subscribed to it,\n"
              "or with history.peers."},
    ConfigKey{"socket", "path", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.socket.path, socket_problem};
              },
              "The socket that exapulsed serves. Ignored when exapulsed.socket is active, as are\n"
              "mode, group and exabgp_alias below."},
    ConfigKey{"socket", "mode", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.socket.mode, mode_problem};
              },
              "File mode of the socket, which decides who may connect."},
    ConfigKey{"socket", "group", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.socket.group, anything};
              },
              "Group of the socket, by name or gid. Empty: exapulsed's own."},
    ConfigKey{"socket", "admins", true,
              [](Config& c) -> ConfigField {
                  return ListField{&c.socket.admins, anything};
              },
              "The older name of access.admin: both lists count."},
    ConfigKey{"socket", "exabgp_alias", false,
              [](Config& c) -> ConfigField { return SwitchField{&c.socket.exabgp_alias}; },
              "Keep a symbolic link exabgp.sock beside the socket: ExaBGP's own programs require\n"
              "that name."},
    ConfigKey{
        "access", "observe", true,
        [](Config& c) -> ConfigField {
            return ListField{&c.access.observe, who_problem};
        },
        "Who may read: status, events, peers, routes. Users by name or uid, groups as\n"
        "\"@NAME\" or \"@GID\", \"@socket\" for the group of the socket, \"*\" for everybody who\n"
        "can connect."},
    ConfigKey{"access", "operate", true,
              [](Config& c) -> ConfigField {
                  return ListField{&c.access.operate, who_problem};
              },
              "Who may also announce, withdraw, tear down sessions and the like."},
    ConfigKey{
        "access", "admin", true,
        [](Config& c) -> ConfigField {
            return ListField{&c.access.admin, who_problem};
        },
        "Who may also stop, restart and reload ExaBGP, and disconnect other clients; root and\n"
        "the user that exapulsed runs as always may."},
    ConfigKey{"access", "rule", true,
              [](Config& c) -> ConfigField { return RulesField{&c.access.rules}; },
              "Limits. Whoever a rule names in `who`, and is no admin, may do what the rules that\n"
              "name them allow, and nothing else:\n"
              "    [[access.rule]]\n"
              "    name = \"team-a\"\n"
              "    who = [\"@team-a\"]\n"
              "    role = \"operate\"\n"
              "    prefixes = [\"203.0.113.0/24\"]\n"
              "    peers = [\"192.0.2.1\"]\n"
              "allow and deny hold the first words of commands, \"*\" and \"?\" in them fit any."},
    ConfigKey{
        "routes", "keep", true,
        [](Config& c) -> ConfigField {
            return TextField{&c.routes.keep, keep_problem};
        },
        "Which announced routes come back after a restart of ExaBGP: \"asked\", those that a\n"
        "client asked to keep, or \"all\". Needs history.store."},
    ConfigKey{"routes", "batch", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.routes.batch, 1, 1'000};
              },
              "Maximum number of kept routes that one command announces to a new ExaBGP: those\n"
              "that follow each other and have equal attributes. Clients take turns in between."},
    ConfigKey{"routes", "eor", true,
              [](Config& c) -> ConfigField {
                  return ListField{&c.routes.eor, family_problem};
              },
              "Families whose end-of-RIB is announced to a new ExaBGP after the kept routes, for\n"
              "neighbors with manual-eor: [\"ipv4 unicast\", \"ipv6 unicast\"]."},
    ConfigKey{"limits", "clients", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.clients, 1, 100'000};
              },
              "Maximum number of clients."},
    ConfigKey{"limits", "clients_per_uid", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.clients_per_uid, 1, 100'000};
              },
              "Maximum number of clients per user. Lower it if users share the host."},
    ConfigKey{"limits", "admin_clients", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.admin_clients, 0, 100'000};
              },
              "Clients that those with the role admin may have\n"
              "beyond the two limits above, so that others cannot lock them out."},
    ConfigKey{
        "limits", "client_pending", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.limits.client_pending, 1, 10'000'000};
        },
        "Maximum number of waiting commands per client. A batch of exapulse keeps 64 in flight."},
    ConfigKey{"limits", "client_backlog", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.client_backlog, 4'096, 1ULL << 40};
              },
              "Maximum bytes buffered per client: answers and events it has not read, waiting\n"
              "commands. Beyond it commands wait or are refused, ExaBGP's answer is read only as\n"
              "fast as the client reads, and a subscriber loses events and gets `lagged`."},
    ConfigKey{
        "limits", "slow_reader", true,
        [](Config& c) -> ConfigField {
            return DurationField{&c.limits.slow_reader, 100ms, 10min};
        },
        "How long exapulsed may stop reading from ExaBGP for a client that does not read its\n"
        "answer, at a time or, while other commands wait, in total. After that the rest of\n"
        "the answer is dropped, and the client gets `incomplete`."},
    ConfigKey{
        "limits", "departed_commands", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.limits.departed_commands, 0, 10'000'000};
        },
        "Maximum number of waiting commands left behind by a user's disconnected clients. They\n"
        "are executed, taking turns with other clients as one client; further ones are dropped."},
    ConfigKey{"limits", "memory", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.memory, 16U << 20, 1ULL << 40};
              },
              "Maximum bytes buffered for all clients together: input, waiting commands, answers\n"
              "and events. One user may use half of it, all users except admins seven eighths.\n"
              "Beyond it lines are refused, and a client may have 64KiB of unread answers."},
    ConfigKey{"limits", "line_length", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.line_length, 64, longest_line};
              },
              "Maximum length of a line from a client. 1MiB is ExaBGP's own limit: a longer line\n"
              "kills its control helper for everybody."},
    ConfigKey{"limits", "echo", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.echo, 1U << 10, longest_line};
              },
              "Maximum bytes of a line that ExaBGP may repeat in its answer. ExaBGP 6 truncates\n"
              "an answer line at 214KiB, and loses the end of the answer with the rest of it."},
    ConfigKey{
        "limits", "communities", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.limits.communities, 1, 100'000};
        },
        "Maximum number of communities in a list. ExaBGP 6 takes 1 s for 1,000 of them, 15 s\n"
        "for 4,000, and does nothing else meanwhile."},
    ConfigKey{"limits", "answer_line", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.answer_line, 1U << 20, 1ULL << 40};
              },
              "Maximum length of a line of an answer from ExaBGP."},
    ConfigKey{
        "limits", "history", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.limits.history, 0, 1'000'000};
        },
        "Maximum number of events kept in memory: for subscribers that catch up and, without\n"
        "history.store, for `sidecar history`."},
    ConfigKey{"limits", "routes", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.routes, 0, 10'000'000};
              },
              "Maximum number of announced routes that exapulsed remembers, about 600 bytes each.\n"
              "One more is announced, but not remembered, and so not kept."},
    ConfigKey{"state", "dir", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.state.dir, directory_problem};
              },
              "Where the last UUID is stored, so that a restart of ExaBGP is detected even if\n"
              "exapulsed was not running."},
    ConfigKey{"history", "store", false,
              [](Config& c) -> ConfigField { return SwitchField{&c.history.store}; },
              "Keep every event in state.dir/history.db, across restarts of exapulsed. Without it\n"
              "limits.history of them are kept in memory."},
    ConfigKey{"history", "age", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.history.age, 1min, 24h * 36'500};
              },
              "Events that are older are deleted from the file."},
    ConfigKey{
        "history", "size", true,
        [](Config& c) -> ConfigField {
            return SizeField{&c.history.size, 1U << 20, 1ULL << 40};
        },
        "The most bytes of the file; beyond it the oldest events are deleted. 64MiB hold\n"
        "about 150,000 events. SQLite's log beside it, history.db-wal, takes a few MiB more."},
    ConfigKey{
        "history", "queue", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.history.queue, 1, 10'000'000};
        },
        "Events that wait in memory while the file can't be written, as on a full disk. Beyond\n"
        "it the oldest of them are lost, and a `gap` stands for them."},
    ConfigKey{"history", "peers", true,
              [](Config& c) -> ConfigField { return SwitchField{&c.history.peers}; },
              "Poll ExaBGP for its peers every peers.interval also while no client is subscribed\n"
              "to them, so that the history has every change, for `exapulse uptime --peer`."},
    ConfigKey{"history", "commands", false,
              [](Config& c) -> ConfigField { return SwitchField{&c.history.commands}; },
              "Also keep a record of every command that log.audit has recorded, for `exapulse\n"
              "history --commands`. They take at most half of history.size."},
    ConfigKey{"log", "level", true,
              [](Config& c) -> ConfigField {
                  return TextField{&c.log.level, level_problem};
              },
              "debug, info, warning or error."},
    ConfigKey{
        "log", "audit", true,
        [](Config& c) -> ConfigField {
            return TextField{&c.log.audit, audit_problem};
        },
        "Which commands are recorded, one line each with who sent it and how it ended:\n"
        "\"changes\" is those that change something or need the role admin, \"all\" every one,\n"
        "\"off\" only those that need the role admin, were denied or were lost."},
    ConfigKey{"log", "slow", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.log.slow, 0ms, 24h};
              },
              "A command that ExaBGP answers later than this after it arrived is logged as a\n"
              "warning, with how long it waited and how long ExaBGP took. \"0ms\": none is."},
    ConfigKey{
        "recorder", "lines", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.recorder.lines, 0, 100'000};
        },
        "Lines to and from ExaBGP, and changes of the connection, of which the newest are kept\n"
        "in memory: see them with `exapulse recorder`. 0 turns the recorder off."},
    ConfigKey{
        "recorder", "line_length", true,
        [](Config& c) -> ConfigField {
            return SizeField{&c.recorder.line_length, 64, 64U << 10};
        },
        "Bytes that are kept of each of them. The recorder takes at most lines times so much\n"
        "memory, and 48 bytes more for each line."},
    ConfigKey{"recorder", "files", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.recorder.files, 0, 1'000};
              },
              "When ExaBGP fails, and on SIGUSR2, the recorder is written to a file\n"
              "recorder-TIME.txt in state.dir. So many of them are kept; 0: none is written."},
};

std::string toml_quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

/// Parses `text` into the field. Returns what is wrong with it, or an empty string.
struct SetFromText {
    const std::string& text;

    std::string operator()(const DurationField& field) const {
        const auto value = parse_duration(text);
        if (!value) return "must be a duration such as \"10s\" or \"500ms\"";
        if (*value < field.least || *value > field.most)
            return fmt::format("must be between {} and {}", format_duration(field.least),
                               format_duration(field.most));
        *field.value = *value;
        return {};
    }
    std::string operator()(const CountField& field) const {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size())
            return "must be a whole number";
        if (value < field.least || value > field.most)
            return fmt::format("must be between {} and {}", field.least, field.most);
        *field.value = value;
        return {};
    }
    std::string operator()(const SizeField& field) const {
        const auto value = parse_size(text);
        if (!value) return "must be a number of bytes or a size such as \"8MiB\"";
        if (*value < field.least || *value > field.most)
            return fmt::format("must be between {} and {}", format_size(field.least),
                               format_size(field.most));
        *field.value = *value;
        return {};
    }
    std::string operator()(const TextField& field) const {
        if (std::string problem = field.problem(text); !problem.empty()) return problem;
        *field.value = text;
        return {};
    }
    std::string operator()(const SwitchField& field) const {
        if (text != "true" && text != "false") return "must be true or false";
        *field.value = text == "true";
        return {};
    }
    std::string operator()(const ListField& field) const {
        if (std::string problem = field.problem(text); !problem.empty()) return problem;
        field.value->push_back(text);
        return {};
    }
    std::string operator()(const RulesField&) const { return "can only be set in the file"; }
};

struct Format {
    std::string operator()(const DurationField& field) const {
        return toml_quoted(format_duration(*field.value));
    }
    std::string operator()(const CountField& field) const { return fmt::to_string(*field.value); }
    std::string operator()(const SizeField& field) const {
        return toml_quoted(format_size(*field.value));
    }
    std::string operator()(const TextField& field) const { return toml_quoted(*field.value); }
    std::string operator()(const SwitchField& field) const {
        return *field.value ? "true" : "false";
    }
    std::string operator()(const ListField& field) const { return list(*field.value); }
    std::string operator()(const RulesField& field) const {
        std::vector<std::string> rules;
        for (const AccessRuleConfig& rule : *field.value) {
            std::vector<std::string> parts;
            for (const RuleKey& key : access_rule_keys) {
                if (key.text != nullptr && !(rule.*key.text).empty())
                    parts.push_back(fmt::format("{} = {}", key.name, toml_quoted(rule.*key.text)));
                if (key.list != nullptr && !(rule.*key.list).empty())
                    parts.push_back(fmt::format("{} = {}", key.name, list(rule.*key.list)));
            }
            rules.push_back(fmt::format("{{{}}}", fmt::join(parts, ", ")));
        }
        return fmt::format("[{}]", fmt::join(rules, ", "));
    }

  private:
    static std::string list(const std::vector<std::string>& values) {
        std::vector<std::string> items;
        for (const std::string& item : values) items.push_back(toml_quoted(item));
        return fmt::format("[{}]", fmt::join(items, ", "));
    }
};

}  // namespace

ConfigError::ConfigError(std::string_view text) : std::runtime_error(printable(text)) {}

Config defaults_of_instance(std::string_view name) {
    Config config;
    config.socket.path = instance_socket_path(name);
    config.state.dir += fmt::format("/{}", name);
    return config;
}

std::string instance_config_path(std::string_view name) {
    return fmt::format("/etc/exapulse/{}.toml", name);
}

std::string ConfigKey::full_name() const {
    return fmt::format("{}.{}", table, name);
}

std::span<const RuleKey> rule_keys() {
    return access_rule_keys;
}

std::span<const ConfigKey> config_keys() {
    return key_table;
}

void set_config_key(Config& config, std::string_view full_name, const std::string& text,
                    std::string_view said_by) {
    const auto key = std::find_if(
        key_table.begin(), key_table.end(),
        [&](const ConfigKey& candidate) { return candidate.full_name() == full_name; });
    if (key == key_table.end()) throw ConfigError(fmt::format("{}: no such key", said_by));
    const std::string problem = std::visit(SetFromText{text}, key->field(config));
    if (!problem.empty())
        throw ConfigError(
            fmt::format("{}: {} {}, it is \"{}\"", said_by, full_name, problem, text));
}

std::string format_value(const ConfigField& field) {
    return std::visit(Format{}, field);
}

std::string print_config(Config config, bool commented) {
    std::string text;
    std::string_view table;
    for (const ConfigKey& key : key_table) {
        if (key.table != table)
            text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", key.table);
        table = key.table;
        std::string_view help = key.help;
        while (!help.empty()) {
            const auto end = std::min(help.find('\n'), help.size());
            text += fmt::format("# {}\n", help.substr(0, end));
            help.remove_prefix(std::min(end + 1, help.size()));
        }
        if (!key.live) text += "# Changing this requires a restart.\n";
        text += fmt::format("{}{} = {}\n", commented ? "#" : "", key.name,
                            format_value(key.field(config)));
    }
    return text;
}

Reload keep_unless_live(Config running, Config fresh) {
    Reload reload{std::move(fresh), {}};
    for (const ConfigKey& key : key_table) {
        const ConfigField kept = key.field(running);
        const ConfigField wanted = key.field(reload.config);
        if (key.live || format_value(kept) == format_value(wanted)) continue;
        std::visit(
            [&](const auto& field) {
                *std::get<std::decay_t<decltype(field)>>(wanted).value = *field.value;
            },
            kept);
        reload.kept.push_back(key.full_name());
    }
    return reload;
}

}  // namespace exapulse
