// SPDX-License-Identifier: BSD-3-Clause
// Arguments: command lines that are understood, and those that are refused.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/arguments.hpp"
#include "client/help_text.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

using Words = std::vector<std::string>;

Arguments understood(const Words& words, const char* environment_socket = nullptr) {
    const auto parsed = parse_arguments(words, environment_socket);
    const auto* error = std::get_if<UsageError>(&parsed);
    REQUIRE_MESSAGE(error == nullptr, error->text);
    REQUIRE(std::holds_alternative<Arguments>(parsed));
    return std::get<Arguments>(parsed);
}

RunOptions run_of(const Words& words) {
    return std::get<RunOptions>(understood(words).subcommand);
}

std::string command_of(const Words& words) {
    return run_of(words).command.value_or("<stdin>");
}

WatchOptions watch_of(const Words& words) {
    return std::get<WatchOptions>(understood(words).subcommand);
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
            {{"run", "-"}, "<stdin>"},
            {{"--timeout", "5s", "run", "a", "--timeout", "6s"}, "a --timeout 6s"},
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
            {{"run", "--raw", "-v", "-"}, true, true, "<stdin>"},
            {{"run", "--raw", "--", "-v"}, false, true, "-v"},
            {{"run", "x", "-v", "--raw"}, false, false, "x -v --raw"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.command);
            const RunOptions options = run_of(row.words);
            CHECK(options.verbose == row.verbose);
            CHECK(options.raw == row.raw);
            CHECK(options.command.value_or("<stdin>") == row.command);
        }
    }

    TEST_CASE("the socket: option, then environment, then the standard path") {
        CHECK(understood({"status"}).socket == default_socket_path);
        CHECK(understood({"status"}, "").socket == default_socket_path);
        CHECK(understood({"status"}, "/e").socket == "/e");
        CHECK(understood({"--socket", "/o", "status"}, "/e").socket == "/o");
        CHECK(understood({"--socket=/o", "status"}, "/e").socket == "/o");
    }

    TEST_CASE("the timeout") {
        using std::chrono::milliseconds;
        CHECK_FALSE(understood({"status"}).timeout.has_value());
        CHECK(understood({"--timeout", "30s", "status"}).timeout == milliseconds(30'000));
        CHECK(understood({"--timeout=1500ms", "watch"}).timeout == milliseconds(1'500));
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
    }

    TEST_CASE("status") {
        CHECK_FALSE(std::get<StatusOptions>(understood({"status"}).subcommand).json);
        CHECK(std::get<StatusOptions>(understood({"status", "--json"}).subcommand).json);
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
            {{"--socket", "", "status"}, "empty"},
            {{"--socket", std::string(108, 'x'), "status"}, "107"},
            {{"--timeout", "30", "status"}, "--timeout: 30"},
            {{"--timeout", "0s", "status"}, "between"},
            {{"--timeout", "99999999h", "status"}, "between"},
            {{"run"}, "needs a command"},
            {{"run", "--"}, "needs a command"},
            {{"run", ""}, "empty"},
            {{"run", " ", "\t"}, "empty"},
            {{"run", "-v"}, "needs a command"},
            {{"run", "-", "x"}, "standard input"},
            {{"run", "-", "-v"}, "standard input"},
            {{"run", "--rwa", "x"}, "did you mean --raw?"},
            {{"run", "--raw=1", "x"}, "run has no option --raw"},
            {{"run", "a\nb"}, "one line"},
            {{"run", "--jsno", "x"}, "run has no option --jsno"},
            {{"run", "--timeout", "5s", "x"}, "--timeout stands before the subcommand"},
            {{"run", "sidecar", " subscribe"}, "exapulse watch"},
            {{"watch", "--typ", "x"}, "did you mean --type?"},
            {{"watch", "--type", "restrted"}, "did you mean restarted?"},
            {{"watch", "--type", "restarted,x"}, "no event x"},
            {{"watch", "--type"}, "--type"},
            {{"watch", "--count", "0"}, "--count: 0"},
            {{"watch", "--count", "-1"}, "--count"},
            {{"watch", "--count", "1x"}, "--count: 1x"},
            {{"watch", "restarted"}, "one too many: restarted"},
            {{"status", "--socket=/x"}, "--socket stands before the subcommand"},
            {{"status", "now"}, "one too many: now"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.named);
            const auto parsed = parse_arguments(row.words, nullptr);
            REQUIRE(std::holds_alternative<UsageError>(parsed));
            const std::string& text = std::get<UsageError>(parsed).text;
            CHECK_MESSAGE(text.find(row.named) != std::string::npos, text);
            CHECK(text.find('\n') == std::string::npos);
        }
    }

    TEST_CASE("help and version") {
        struct Row {
            Words words;
            std::string_view start;
        };
        const std::vector<Row> rows{
            {{"--help"}, help_of_exapulse},       {{"-h"}, help_of_exapulse},
            {{"run", "--help"}, help_of_run},     {{"run", "-v", "-h"}, help_of_run},
            {{"watch", "--help"}, help_of_watch}, {{"status", "-h"}, help_of_status},
            {{"--version"}, "exapulse "},
        };
        for (const Row& row : rows) {
            CAPTURE(row.start);
            const auto parsed = parse_arguments(row.words, nullptr);
            REQUIRE(std::holds_alternative<Information>(parsed));
            CHECK(std::get<Information>(parsed).text.starts_with(row.start));
        }
    }

    TEST_CASE("help fits a terminal and names every event that can be asked for") {
        for (const std::string_view help :
             {help_of_exapulse, help_of_run, help_of_watch, help_of_status}) {
            std::size_t start = 0;
            while (start < help.size()) {
                const auto end = help.find('\n', start);
                CHECK_MESSAGE(end - start <= 80, help.substr(start, end - start));
                start = end + 1;
            }
            CHECK(help.find("Examples:") != std::string_view::npos);
        }
        for (const std::string_view name : event_type_names)
            if (name != "state") CHECK(help_of_watch.find(name) != std::string_view::npos);
    }
}

}  // namespace exapulse::client
