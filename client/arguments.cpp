// SPDX-License-Identifier: BSD-3-Clause
// The command line: global options, then a subcommand with its own options.
#include "client/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "client/help_text.hpp"
#include "common/nearest.hpp"
#include "common/socket_path.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

// Far beyond any wait that makes sense, and far from what a steady clock's arithmetic can't hold.
constexpr milliseconds longest_timeout = std::chrono::hours(24 * 365);

constexpr std::array<std::string_view, 3> subcommands{"run", "watch", "status"};
constexpr std::array<std::string_view, 4> global_options{"--socket", "--timeout", "--version",
                                                         "--help"};
constexpr std::array<std::string_view, 3> run_options{"--verbose", "--raw", "--help"};
constexpr std::array<std::string_view, 5> watch_options{"--type", "--json", "--count",
                                                        "--exit-on-failure", "--help"};
constexpr std::array<std::string_view, 2> status_options{"--json", "--help"};

using Words = std::vector<std::string>;
using Names = std::span<const std::string_view>;

// Thrown only inside this file: CLI11 reports by exception, and so do the steps after it.
struct Stop {
    ParsedArguments result;
};

[[noreturn]] void usage_error(std::string text) {
    throw Stop{UsageError{std::move(text)}};
}

std::string suggestion(std::string_view typed, Names known) {
    const std::string_view name = nearest(typed, known);
    return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

// Options end where CLI11 meets the first word it does not know: that word and all behind it.
Words parse_options(CLI::App& app, const Words& words, std::string_view help) {
    app.prefix_command();
    app.set_help_flag("-h,--help");
    try {
        app.parse(Words(words.rbegin(), words.rend()));
    } catch (const CLI::CallForHelp&) {
        throw Stop{Information{std::string(help)}};
    } catch (const CLI::ParseError& error) {
        usage_error(error.what());
    }
    return app.remaining();
}

[[noreturn]] void refuse_option(std::string_view typed, std::string_view subcommand, Names known) {
    const std::string_view name = typed.substr(0, typed.find('='));
    const bool global =
        std::find(global_options.begin(), global_options.end(), name) != global_options.end();
    if (global)
        usage_error(fmt::format("{} stands before the subcommand: exapulse {} ... {}", name, name,
                                subcommand));
    usage_error(fmt::format("{} has no option {}{} (exapulse {} --help)", subcommand, name,
                            suggestion(name, known), subcommand));
}

void refuse_rest(const Words& rest, std::string_view subcommand, Names known) {
    if (rest.empty()) return;
    if (rest.front().starts_with('-')) refuse_option(rest.front(), subcommand, known);
    usage_error(fmt::format("{} takes no argument, this is one too many: {} (exapulse {} --help)",
                            subcommand, rest.front(), subcommand));
}

// No CLI11 here: what follows the first word of a command is ExaBGP's, dashes or not.
RunOptions parse_run(std::span<const std::string> words) {
    RunOptions options;
    const auto at_option = [&] {
        return !words.empty() && words.front().starts_with('-') && words.front() != "-" &&
               words.front() != "--";
    };
    for (; at_option(); words = words.subspan(1)) {
        const std::string& option = words.front();
        if (option == "--help" || option == "-h")
            throw Stop{Information{std::string(help_of_run)}};
        else if (option == "--verbose" || option == "-v")
            options.verbose = true;
        else if (option == "--raw")
            options.raw = true;
        else
            refuse_option(option, "run", run_options);
    }
    if (!words.empty() && words.front() == "-") {
        if (words.size() > 1)
            usage_error("run - takes its commands from standard input, no word may follow it");
        return options;
    }
    if (!words.empty() && words.front() == "--") words = words.subspan(1);
    if (words.empty())
        usage_error(
            "run needs a command, or - to read commands from standard input "
            "(exapulse run --help)");
    options.command = fmt::format("{}", fmt::join(words, " "));
    if (const auto problem = command_problem(*options.command)) usage_error(*problem);
    return options;
}

EventType event_type_of(const std::string& name) {
    const auto type = parse_event_type(name);
    if (!type)
        usage_error(fmt::format("--type: there is no event {}{} (exapulse watch --help)", name,
                                suggestion(name, event_type_names)));
    return *type;
}

std::uint64_t count_of(const std::string& text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count == 0)
        usage_error(fmt::format("--count: {} is not a number of events, 1 or more", text));
    return count;
}

WatchOptions parse_watch(const Words& words) {
    WatchOptions options;
    Words types;
    std::optional<std::string> count;
    CLI::App app;
    app.add_option("--type", types)->delimiter(',')->type_name("TYPE");
    app.add_flag("--json", options.json);
    app.add_option("--count", count)->type_name("N");
    app.add_flag("--exit-on-failure", options.exit_on_failure);
    refuse_rest(parse_options(app, words, help_of_watch), "watch", watch_options);
    std::transform(types.begin(), types.end(), std::back_inserter(options.types), event_type_of);
    if (count) options.count = count_of(*count);
    return options;
}

StatusOptions parse_status(const Words& words) {
    StatusOptions options;
    CLI::App app;
    app.add_flag("--json", options.json);
    refuse_rest(parse_options(app, words, help_of_status), "status", status_options);
    return options;
}

std::string choose_socket(const std::optional<std::string>& option, const char* environment) {
    std::string path(default_socket_path);
    if (environment != nullptr && *environment != '\0') path = environment;
    if (option) path = *option;
    if (const auto problem = socket_path_problem(path)) usage_error(*problem);
    return path;
}

milliseconds timeout_of(const std::string& text) {
    const auto timeout = parse_duration(text);
    if (!timeout)
        usage_error(fmt::format("--timeout: {} is not a time such as 500ms, 30s or 5m", text));
    if (*timeout < milliseconds(1) || *timeout > longest_timeout)
        usage_error(fmt::format("--timeout: {} is not between 1ms and {}", text,
                                format_duration(longest_timeout)));
    return *timeout;
}

Arguments parse(const Words& words, const char* environment_socket) {
    Arguments arguments;
    std::optional<std::string> socket;
    std::optional<std::string> timeout;
    CLI::App app;
    app.add_option("--socket", socket)->type_name("PATH");
    app.add_option("--timeout", timeout)->type_name("TIME");
    const auto* version = app.add_flag("--version");
    Words rest = parse_options(app, words, help_of_exapulse);

    if (version->count() > 0) throw Stop{Information{"exapulse " EXAPULSE_VERSION "\n"}};
    if (rest.empty()) usage_error("no subcommand; run, watch or status (exapulse --help)");
    const std::string subcommand = rest.front();
    if (subcommand.starts_with('-'))
        usage_error(fmt::format("there is no option {}{} (exapulse --help)", subcommand,
                                suggestion(subcommand, global_options)));
    rest.erase(rest.begin());

    if (subcommand == "run")
        arguments.subcommand = parse_run(rest);
    else if (subcommand == "watch")
        arguments.subcommand = parse_watch(rest);
    else if (subcommand == "status")
        arguments.subcommand = parse_status(rest);
    else
        usage_error(fmt::format("there is no subcommand {}{} (exapulse --help)", subcommand,
                                suggestion(subcommand, subcommands)));

    arguments.socket = choose_socket(socket, environment_socket);
    if (timeout) arguments.timeout = timeout_of(*timeout);
    return arguments;
}

}  // namespace

ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                const char* environment_socket) {
    try {
        return parse(words, environment_socket);
    } catch (Stop& stop) {
        return std::move(stop.result);
    }
}

std::optional<std::string> command_problem(std::string_view line) {
    if (line.find('\n') != std::string_view::npos)
        return "a command is one line; send several with exapulse run -";
    const auto parts = words(line);
    if (parts.empty()) return "the command is empty";
    if (parts.size() > 1 && parts[0] == "sidecar" && parts[1] == "subscribe")
        return "a subscription never ends; use exapulse watch --json";
    return std::nullopt;
}

}  // namespace exapulse::client
