// SPDX-License-Identifier: BSD-3-Clause
// A result of `run --json`.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/run/run_result.hpp"

namespace exapulse::client {

TEST_SUITE("client run result") {
    using nlohmann::json;

    TEST_CASE("a command that is done, with its answer") {
        const json result = json::parse(format_result({"version", 3, "system version"}, {},
                                                      {R"({"version": "6.0.0"})", "text"}));
        CHECK(result == json{{"line", 3},
                             {"command", "version"},
                             {"sent", "system version"},
                             {"verdict", "done"},
                             {"exit", 0},
                             {"text", nullptr},
                             {"data", {{{"version", "6.0.0"}}, "text"}}});
    }

    TEST_CASE("one that failed, and bytes that are no UTF-8") {
        const json result = json::parse(
            format_result({"bad\xff"}, {ExitCode::NotSent, "not-sent: away"}, {"\xfe"}));
        CHECK(result["line"].is_null());
        CHECK(result["verdict"] == "not-sent");
        CHECK(result["exit"] == 4);
        CHECK(result["text"] == "not-sent: away");
        CHECK(result["data"].size() == 1);
    }

    TEST_CASE("every exit code has a name of its own") {
        std::vector<std::string_view> names;
        for (int code = 0; code <= 8; ++code)
            names.push_back(verdict_name(static_cast<ExitCode>(code)));
        std::sort(names.begin(), names.end());
        CHECK(std::unique(names.begin(), names.end()) == names.end());
    }
}

}  // namespace exapulse::client
