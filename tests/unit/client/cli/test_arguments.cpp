// SPDX-License-Identifier: BSD-3-Clause
// Arguments: command lines that are understood, and those that are refused.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/cli/arguments.hpp"
#include "client/cli/help.hpp"
#include "client/cli/subcommands.hpp"
#include "client/completion/complete_command.hpp"
#include "client/events/wait_command.hpp"
#include "client/events/watch_options.hpp"
#include "client/reports/check_command.hpp"
#include "client/reports/history_command.hpp"
#include "client/reports/status_command.hpp"
#include "client/reports/uptime_command.hpp"
#include "client/run/kill_command.hpp"
#include "client/run/run_command.hpp"
#include "client/shell/shell_command.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

using Words = std::vector<std::string>;

Arguments understood(const Words& words, const char* environment_socket = nullptr) {
    const auto parsed = parse_arguments(words, {.socket = environment_socket});
    const auto* error = std::get_if<UsageError>(&parsed);
    REQUIRE_MESSAGE(error == nullptr, error->text);
    REQUIRE(std::holds_alternative<Arguments>(parsed));
    return std::get<Arguments>(parsed);
}

template <typename Options>
Options options_of(const Words& words) {
    const Arguments arguments = understood(words);
    const auto* options = arguments.action.options<Options>();
    REQUIRE(options != nullptr);
    return *options;
}

RunOptions run_of(const Words& words) {
    return options_of<RunOptions>(words);
}

std::string command_or_batch(const RunOptions& options) {
    return options.command.value_or("<" + options.batch + ">");
}

std::string command_of(const Words& words) {
    return command_or_batch(run_of(words));
}

WatchOptions watch_of(const Words& words) {
    return options_of<WatchOptions>(words);
}

/// Rounded, for it is counted from a moment that has passed.
std::chrono::hours before_now(const std::optional<std::chrono::system_clock::time_point>& time) {
    REQUIRE(time);
    return std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now() - *time);
}

}  // namespace

TEST_SUITE("client arguments") {
    TEST_CASE("the words of a command") {
        struct Row {
            Words words;
            std::string command;
        };
        const std::vector<Row> rows{
            {{"run", "peer", "list"}, "peer list"},
            {{"run", "peer list"}, "peer list"},
            {{"run", "--", "announce", "x"}, "announce x"},
            {{"run", "--", "--help"}, "--help"},
            {{"run", "--", "--", "x"}, "-- x"},
            {{"run", "peer", "--help", "--json", "-"}, "peer --help --json -"},
            {{"run", "status"}, "status"},
            {{"run", "run", "-"}, "run -"},
            {{"run", "sidecar", "status"}, "sidecar status"},
            {{"run", "-"}, "<->"},
            {{"run", "--batch", "-"}, "<->"},
            {{"run", "-b", "routes.txt", "--stop-on-error"}, "<routes.txt>"},
            {{"run", "--timeout", "5s", "-q", "a"}, "a"},
            {{"--timeout", "5s", "run", "a", "--timeout", "6s"}, "a --timeout 6s"},
            {{"run", "-q", "--quiet", "-q", "a"}, "a"},
            {{"run", "-qv", "a", "--batch="}, "a --batch="},
            {{"run", "-t5s", "-", "-t6s"}, "<->"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.command);
            CHECK(command_of(row.words) == row.command);
        }
    }

    TEST_CASE("the options of run stand before the command") {
        struct Row {
            Words words;
            bool verbose, raw;
            std::string command;
        };
        const std::vector<Row> rows{
            {{"run", "peer", "list"}, false, false, "peer list"},
            {{"run", "-v", "peer", "list"}, true, false, "peer list"},
            {{"run", "--verbose", "--raw", "x"}, true, true, "x"},
            {{"run", "--raw", "-v", "-"}, true, true, "<->"},
            {{"run", "--raw", "-", "-v"}, true, true, "<->"},
            {{"run", "--raw", "--", "-v"}, false, true, "-v"},
            {{"run", "x", "-v", "--raw"}, false, false, "x -v --raw"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.command);
            const RunOptions options = run_of(row.words);
            CHECK(options.verbose == row.verbose);
            CHECK(options.raw == row.raw);
            CHECK(command_or_batch(options) == row.command);
        }
    }

    TEST_CASE("a batch is resumed at a line") {
        CHECK(run_of({"run", "-b", "routes.txt"}).from == 1);
        CHECK(run_of({"run", "-b", "routes.txt", "--from", "1201"}).from == 1201);
        CHECK(run_of({"run", "-", "--from=7"}).from == 7);
    }

    TEST_CASE("the socket: option, then environment, then the standard path") {
        CHECK(understood({"status"}).socket == default_socket_path);
        CHECK(understood({"status"}, "").socket == default_socket_path);
        CHECK(understood({"status"}, "/e").socket == "/e");
        CHECK(understood({"--socket", "/o", "status"}, "/e").socket == "/o");
        CHECK(understood({"--socket=/o", "status"}, "/e").socket == "/o");
    }

    TEST_CASE("the instance: option, then environment, where that names no socket") {
        const auto socket = [](const Words& words, const char* path, const char* instance) {
            const auto parsed = parse_arguments(words, {.socket = path, .instance = instance});
            const auto* error = std::get_if<UsageError>(&parsed);
            return error ? error->text : std::get<Arguments>(parsed).socket;
        };
        CHECK(socket({"status"}, nullptr, "east") == "/run/exapulse/east/exapulse.sock");
        CHECK(socket({"status"}, "", "east") == "/run/exapulse/east/exapulse.sock");
        CHECK(socket({"status"}, "/e", "east") == "/e");
        CHECK(socket({"status"}, nullptr, "") == default_socket_path);
        CHECK(socket({"status", "--instance", "west"}, nullptr, "east") ==
              "/run/exapulse/west/exapulse.sock");
        CHECK(socket({"status"}, nullptr, "../x").starts_with("EXAPULSE_INSTANCE: '../x' cannot"));
    }

    TEST_CASE("the timeout") {
        using std::chrono::milliseconds;
        CHECK_FALSE(understood({"status"}).timeout.has_value());
        CHECK(understood({"--timeout", "30s", "status"}).timeout == milliseconds(30'000));
        CHECK(understood({"--timeout=1500ms", "watch"}).timeout == milliseconds(1'500));
        CHECK(understood({"-t", "10", "check"}).timeout == milliseconds(10'000));
        CHECK(understood({"-t", "0.25", "status"}).timeout == milliseconds(250));
        CHECK(understood({"-t5s", "status"}).timeout == milliseconds(5'000));
        CHECK(understood({"status", "-t5s"}).timeout == milliseconds(5'000));
    }

    TEST_CASE("watch") {
        using Types = std::vector<EventType>;
        const Types two{EventType::Restarted, EventType::Failed};
        CHECK(watch_of({"watch"}).types.empty());
        CHECK(watch_of({"watch", "--type", "restarted", "--type", "failed"}).types == two);
        CHECK(watch_of({"watch", "--type", "restarted,failed"}).types == two);
        CHECK(watch_of({"watch", "--type", "restarted", "failed", "--json"}).types == two);

        const auto plain = watch_of({"watch"});
        CHECK_FALSE(plain.json);
        CHECK_FALSE(plain.exit_on_failure);
        CHECK_FALSE(plain.count.has_value());
        const auto full = watch_of({"watch", "--json", "--count", "7", "--exit-on-failure"});
        CHECK(full.json);
        CHECK(full.exit_on_failure);
        CHECK(full.count == 7);
        CHECK(full.exec_timeout == default_exec_timeout);
        CHECK(watch_of({"watch", "--exec", "x", "--exec-timeout", "2s"}).exec_timeout ==
              std::chrono::seconds(2));
    }

    TEST_CASE("status") {
        CHECK_FALSE(options_of<StatusOptions>({"status"}).json);
        CHECK(options_of<StatusOptions>({"status", "--json"}).json);
    }

    TEST_CASE("what is refused, and what the error names") {
        struct Row {
            Words words;
            std::string named;
        };
        const std::vector<Row> rows{
            {{}, "no subcommand"},
            {{"stauts"}, "did you mean status?"},
            {{"frobnicate"}, "there is no subcommand frobnicate ("},
            {{"--sokcet", "/x", "status"}, "did you mean --socket?"},
            {{"--socket"}, "--socket"},
            {{"--socket=", "status"}, "--socket lacks its value"},
            {{"status", "--socket=", "x"}, "--socket lacks its value"},
            {{"run", "--batch=", "-"}, "--batch lacks its value"},
            {{"status", "--json=1"}, "--json takes no value"},
            {{"run", "-", "--from", "0"}, "--from: 0 is not the number of a line, 1 or more"},
            {{"watch", "--exec-timeout", "3s"}, "--exec-timeout is for --exec"},
            {{"check", "--peers", "none"}, "--peers: none is not a number of peers, or all, 1 or"},
            {{"run", "--from", "3", "x"}, "--from is only for a batch"},
            {{"--socket", "", "status"}, "empty"},
            {{"--socket", std::string(108, 'x'), "status"}, "107"},
            {{"--timeout", "30x", "status"}, "--timeout: 30x is not a time"},
            {{"--timeout", "-1", "status"}, "--timeout: -1 is not a time"},
            {{"--timeout", "nan", "status"}, "--timeout: nan is not a time"},
            {{"--timeout", "inf", "status"}, "--timeout: inf is not a time"},
            {{"--timeout", "1e3", "status"}, "--timeout: 1e3 is not a time"},
            {{"--timeout", "0", "status"}, "between"},
            {{"--timeout", "999999999999", "status"}, "between"},
            {{"--timeout", "0s", "status"}, "between"},
            {{"--timeout", "99999999h", "status"}, "between"},
            {{"run"}, "needs a command"},
            {{"run", "--"}, "needs a command"},
            {{"run", "-v"}, "needs a command"},
            {{"run", "-", "x"}, "standard input"},
            {{"run", "-", "-v", "x"}, "standard input"},
            {{"run", "-b", "x", "-"}, "one of them"},
            {{"run", "-", "--bogus"}, "run has no option --bogus"},
            {{"wait", "peer", "192.0.2.300", "established"}, "192.0.2.300 is not an IP address"},
            {{"wait", "no-peer", "[2001:db8::1]"}, "[2001:db8::1] is not an IP address"},
            {{"wait", "peer", "127.0.0.0/30", "established"}, "127.0.0.0/30 is a range"},
            {{"wait", "no-peer", "127.0.0.0/33"}, "127.0.0.0/33 is not an IP address"},
            {{"wait", "peer", "192.0.2.1", "establishd"}, "did you mean established?"},
            {{"check", "-w", "2", "-c", "1"}, "--warning"},
            {{"run", "--rwa", "x"}, "did you mean --raw?"},
            {{"run", "--raw=1", "x"}, "--raw takes no value"},
            {{"run", "--jsno", "x"}, "run has no option --jsno"},
            {{"run", "--batch", "f", "x"}, "both --batch and a command, x"},
            {{"run", "--batch"}, "--batch"},
            {{"run", "--batch="}, "--batch"},
            {{"run", "--stop-on-error", "x"}, "is only for a batch"},
            {{"watch", "--typ", "x"}, "did you mean --type?"},
            {{"watch", "--type", "restrted"}, "did you mean restarted?"},
            {{"watch", "--type", "restarted,x"}, "no event x"},
            {{"watch", "--type"}, "--type"},
            {{"watch", "--count", "0"}, "--count: 0"},
            {{"watch", "--count", "-1"}, "--count"},
            {{"watch", "--count", "1x"}, "--count: 1x"},
            {{"watch", "restarted"}, "unexpected: restarted"},
            {{"status", "--sokcet=/x"}, "did you mean --socket?"},
            {{"--stay", "status"}, "exapulse --stay"},
            {{"--instance", "a/b", "status"}, "'a/b' cannot name an instance"},
            {{"--instance", "", "status"}, "instance"},
            {{"--instance", "a", "--socket", "/x", "status"}, "one of them"},
            {{"wait"}, "needs a condition"},
            {{"wait", "upp"}, "did you mean up?"},
            {{"wait", "peer"}, "wait peer needs an address"},
            {{"wait", "up", "peer", "10.0.0.1"}, "wait peer 10.0.0.1 needs a state"},
            {{"wait", "no-peer"}, "needs an address"},
            {{"kill"}, "needs the ID"},
            {{"kill", "x"}, "x is not the ID"},
            {{"kill", "1", "2"}, "unexpected: 2"},
            {{"check", "-w", "5,5"}, "--warning: 5,5 is not a time"},
            {{"history", "--since", "yesterday"}, "--since: yesterday is neither"},
            {{"uptime", "--since", "2150-01-01"}, "--since: 2150-01-01 is still to come"},
            {{"history", "--since", "0s"}, "--since: 0s is not between 1ms and"},
            {{"history", "--type", "restart"}, "did you mean restarted?"},
            {{"history", "--type", "peers"}, "no event peers"},
            {{"history", "--peer", "router"}, "--peer: router is not an IP address"},
            {{"uptime", "--peer", "router"}, "--peer: router is neither an IP address nor all"},
            {{"watch", "--type", "state"}, "no event state"},
            {{"watch", "--exec", " "}, "--exec: the command is empty"},
            {{"status", "now"}, "unexpected: now"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.named);
            const auto parsed = parse_arguments(row.words, {});
            REQUIRE(std::holds_alternative<UsageError>(parsed));
            const std::string& text = std::get<UsageError>(parsed).text;
            CHECK_MESSAGE(text.find(row.named) != std::string::npos, text);
            CHECK(text.find('\n') == std::string::npos);
        }
    }

    TEST_CASE("global options stand before the subcommand or among its own") {
        const Arguments before = understood({"--socket", "/o", "-t", "5s", "-q", "status"}, "/e");
        const Arguments behind = understood({"status", "-q", "-t", "5s", "--socket=/o"}, "/e");
        for (const Arguments& arguments : {before, behind}) {
            CHECK(arguments.socket == "/o");
            CHECK(arguments.timeout == std::chrono::seconds(5));
            CHECK(arguments.quiet);
        }
        CHECK(understood({"status", "--instance", "edge-1"}, "/e").socket ==
              "/run/exapulse/edge-1/exapulse.sock");
    }

    TEST_CASE("without a subcommand: the shell, on a terminal only") {
        const auto parsed = parse_arguments({"--stay"}, {.on_terminal = true});
        REQUIRE(std::holds_alternative<Arguments>(parsed));
        const auto* options = std::get<Arguments>(parsed).action.options<ShellOptions>();
        REQUIRE(options != nullptr);
        CHECK(options->stay);
    }

    TEST_CASE("wait") {
        using Kind = WaitCondition::Kind;
        const auto options = options_of<WaitOptions>(
            {"wait", "up", "--any", "peer", "10.0.0.1", "established", "no-peer", "::1"});
        CHECK(options.any);
        const std::vector<WaitCondition> conditions{
            {Kind::Up, "", ""}, {Kind::Peer, "10.0.0.1", "established"}, {Kind::NoPeer, "::1", ""}};
        CHECK(options.conditions == conditions);
    }

    TEST_CASE("an option takes its value and no more") {
        const Arguments arguments =
            understood({"wait", "-t", "5s", "up", "--timeout", "6s", "restart"});
        CHECK(arguments.timeout == std::chrono::seconds(6));
        const auto* options = arguments.action.options<WaitOptions>();
        REQUIRE(options != nullptr);
        CHECK(options->conditions.size() == 2);
    }

    TEST_CASE("the others") {
        using std::chrono::hours;
        using std::chrono::milliseconds;
        const auto check =
            options_of<CheckOptions>({"check", "-w", "500ms", "-c", "2s", "-t", "5s"});
        CHECK(check.warning == milliseconds(500));
        CHECK(check.critical == milliseconds(2'000));
        const auto history = options_of<HistoryOptions>(
            {"history", "--since", "24h", "--type", "restarted", "--json"});
        CHECK(before_now(history.since) == hours(24));
        CHECK(history.types == std::vector{EventType::Restarted});
        CHECK(history.json);
        CHECK(options_of<WatchOptions>({"watch", "--cursor", "f"}).follows_exabgp());
        CHECK_FALSE(options_of<WatchOptions>({"watch", "--cursor", "f", "--type", "failed"})
                        .follows_exabgp());
        const auto of_peer = options_of<HistoryOptions>({"history", "--peer", "192.0.2.1"});
        CHECK(of_peer.types == std::vector{EventType::PeerUp, EventType::PeerDown});
        CHECK(options_of<UptimeOptions>({"uptime", "--peer", "all"}).peer == every_peer);
        const auto uptime = options_of<UptimeOptions>({"uptime", "--since", "30d"});
        CHECK(before_now(uptime.since) == hours(30 * 24));
        CHECK(options_of<KillOptions>({"kill", "17"}).id == 17);
        const auto complete = options_of<CompleteOptions>({"complete", "--", "watch", "--ty"});
        CHECK(complete.words == Words{"watch", "--ty"});
    }

    TEST_CASE("help and version") {
        std::vector<std::pair<Words, std::string>> rows{
            {{"--help"}, help_of_exapulse()},
            {{"-h"}, help_of_exapulse()},
            {{"--version"}, "exapulse " EXAPULSE_VERSION "\n"},
        };
        for (const Subcommand& subcommand : subcommands()) {
            if (subcommand.hidden) continue;
            const std::string name(subcommand.name);
            rows.push_back({{name, "--help"}, help_of(subcommand)});
            rows.push_back({{name, "-q", "-h"}, help_of(subcommand)});
        }
        for (const auto& [words, text] : rows) {
            const auto parsed = parse_arguments(words, {});
            REQUIRE(std::holds_alternative<Information>(parsed));
            CHECK(std::get<Information>(parsed).text == text);
        }
    }

    TEST_CASE("help fits a terminal, names every option and shows examples") {
        std::vector<std::string> helps{help_of_exapulse()};
        for (const Subcommand& subcommand : subcommands()) {
            helps.push_back(help_of(subcommand));
            for (const Option& option : subcommand.options)
                CHECK(helps.back().find(option.name) != std::string::npos);
        }
        for (const std::string& help : helps) {
            std::size_t start = 0;
            while (start < help.size()) {
                const auto end = help.find('\n', start);
                CHECK_MESSAGE(end - start <= 80, help.substr(start, end - start));
                start = end + 1;
            }
            CHECK(help.find("Examples:\n  ") != std::string::npos);
            for (const Option& option : global_options())
                CHECK(help.find(option.name) != std::string::npos);
        }
        const std::string watch = help_of(*find_subcommand("watch"));
        for (const std::string_view name : event_type_names)
            if (name != "state") CHECK(watch.find(name) != std::string::npos);
    }
}

}  // namespace exapulse::client
