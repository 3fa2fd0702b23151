// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/hold_options.hpp"

#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/hold/held_line.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds default_ttl{15'000};
constexpr milliseconds default_grace{5'000};

/// Unlike other times it may be 0.
milliseconds grace_of(const std::string& text) {
    const auto time = time_in(text);
    return time == milliseconds(0) ? *time : time_of("--grace", text);
}

/// Options of the check, as given.
struct CheckOptions {
    std::optional<milliseconds> interval, timeout;
    std::optional<std::uint64_t> rise, fall;
};

void bind_check(SubcommandLine& line, CheckOptions& check) {
    line.bind("--interval", check.interval);
    line.bind("--check-timeout", check.timeout);
    line.bind("--rise", check.rise, "a number of checks");
    line.bind("--fall", check.fall, "a number of checks");
}

void bind_lease(SubcommandLine& line, SessionSettings& settings) {
    settings.ttl = default_ttl;
    settings.grace = default_grace;
    line.bind("--ttl",
              [&settings](const std::string& text) { settings.ttl = ttl_of("--ttl", text); });
    line.bind("--grace", [&settings](const std::string& text) { settings.grace = grace_of(text); });
    line.bind("--owner", [&settings](const std::string& text) {
        settings.owner = owner_name_of("--owner", text);
    });
}

void take_check(const CheckOptions& check, HoldOptions& options) {
    const std::pair<bool, const char*> of_check[]{{check.interval.has_value(), "--interval"},
                                                  {check.timeout.has_value(), "--check-timeout"},
                                                  {check.rise.has_value(), "--rise"},
                                                  {check.fall.has_value(), "--fall"},
                                                  {!options.down.empty(), "--down"}};
    for (const auto& [given, name] : of_check)
        if (given && !options.check) refuse("{} is for --check (exapulse hold --help)", name);
    if (options.check && words(*options.check).empty()) refuse("--check: the command is empty");
    options.rules.interval = check.interval.value_or(options.rules.interval);
    options.rules.rise = check.rise.value_or(options.rules.rise);
    options.rules.fall = check.fall.value_or(options.rules.fall);
    options.check_timeout = check.timeout.value_or(options.check_timeout);
}

void check_lines(const HoldOptions& options) {
    if (options.command)
        if (const auto problem = held_line_problem(*options.command)) refuse("hold: {}", *problem);
    for (const std::string& line : options.down)
        if (const auto problem = held_line_problem(line)) refuse("--down: {}", *problem);
}

}  // namespace

HoldOptions read_hold_options(const SubcommandWords& given) {
    HoldOptions options;
    CheckOptions check;
    std::optional<milliseconds> exec_timeout;
    SubcommandLine line(given);
    bind_lease(line, options.settings);
    bind_check(line, check);
    line.bind("--routes", options.routes);
    line.bind("--down", options.down);
    line.bind("--check", options.check);
    line.bind("--exec", options.exec);
    line.bind("--exec-timeout", exec_timeout);
    line.bind("--json", options.json);
    const Words rest = line.read_leading();
    std::span<const std::string> command = rest;
    if (!command.empty() && command.front() == "--") command = command.subspan(1);
    if (!command.empty()) options.command = fmt::format("{}", fmt::join(command, " "));
    if (!options.command && !options.routes)
        refuse("hold needs a command that announces, or --routes FILE (exapulse hold --help)");
    if (options.routes && options.routes->empty())
        refuse("--routes: the name of the file is empty");
    take_check(check, options);
    check_lines(options);
    if (options.exec && words(*options.exec).empty()) refuse("--exec: the command is empty");
    if (exec_timeout && !options.exec)
        refuse("--exec-timeout is for --exec (exapulse hold --help)");
    options.exec_timeout = exec_timeout.value_or(default_exec_timeout);
    return options;
}

}  // namespace exapulse::client
