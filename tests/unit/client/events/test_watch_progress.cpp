// SPDX-License-Identifier: BSD-3-Clause
// WatchProgress: streams of events, what is shown of them and what ends them.
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/events/watch_progress.hpp"

namespace exapulse::client {

namespace {

constexpr const char* state_up = R"({"type":"state","state":"up"})";
constexpr const char* state_down = R"({"type":"state","state":"down"})";
constexpr const char* connected = R"({"type":"connected","state":"up"})";
constexpr const char* restarted = R"({"type":"restarted","state":"up"})";
constexpr const char* failed = R"({"type":"failed","state":"down","cause":"hung"})";
constexpr const char* lagged = R"({"type":"lagged","dropped":3})";
constexpr const char* gap = R"({"type":"gap","dropped":null})";
constexpr const char* stopping = R"({"type":"stopping"})";
constexpr const char* novel = R"({"type":"novel"})";

struct WatchRow {
    std::string name;
    WatchOptions options;
    std::vector<const char*> events;
    std::string shown;  // one sign an event: '+' shown, '-' not
    std::optional<ExitCode> end;
};

WatchOptions options(std::vector<EventType> types, std::optional<std::uint64_t> count,
                     bool exit_on_failure) {
    return {std::move(types), false, count, exit_on_failure};
}

WatchOptions outlasting(std::vector<EventType> types) {
    WatchOptions chosen = options(std::move(types), {}, false);
    chosen.outlasts_exapulsed = true;
    return chosen;
}

}  // namespace

TEST_SUITE("client watch progress") {
    TEST_CASE("streams") {
        const std::vector<WatchRow> rows{
            {"goes on", options({}, {}, false), {state_up, connected, failed, novel}, "++++", {}},
            {"the snapshot is not counted", options({}, 1, false), {state_up}, "+", {}},
            {"one event", options({}, 1, false), {state_up, connected}, "++", ExitCode::Done},
            {"two events",
             options({}, 2, false),
             {state_up, failed, lagged},
             "+++",
             ExitCode::Done},
            {"a gap does not count for who did not ask",
             options({EventType::Restarted}, 1, false),
             {state_up, lagged, restarted},
             "+++",
             ExitCode::Done},
            {"down is no end by itself", options({}, {}, false), {state_down, failed}, "++", {}},
            {"down already", options({}, {}, true), {state_down}, "+", ExitCode::NotSent},
            {"failed", options({}, {}, true), {state_up, failed}, "++", ExitCode::NotSent},
            {"failed, not asked for",
             options({EventType::Restarted}, {}, true),
             {state_up, failed},
             "+-",
             ExitCode::NotSent},
            {"a failure wins over the count",
             options({}, 1, true),
             {state_up, failed},
             "++",
             ExitCode::NotSent},
            {"a gap is shown",
             options({EventType::Restarted}, 1, false),
             {gap, state_up, restarted},
             "+++",
             ExitCode::Done},
            {"an event of the past counts",
             options({EventType::Restarted}, 2, false),
             {restarted, state_up, restarted},
             "+++",
             ExitCode::Done},
            {"a failure of the past is none of now",
             options({}, {}, true),
             {failed, stopping, state_up, failed},
             "++++",
             ExitCode::NotSent},
            {"stopping", options({}, {}, false), {state_up, stopping}, "++", ExitCode::Unreachable},
            {"stopping, and it outlasts that", outlasting({}), {state_up, stopping}, "++", {}},
            {"stopping was the event waited for",
             options({EventType::Stopping}, 1, false),
             {state_up, stopping},
             "++",
             ExitCode::Done},
        };
        for (const WatchRow& row : rows) {
            CAPTURE(row.name);
            WatchProgress progress(row.options);
            std::string shown;
            std::optional<ExitCode> end;
            for (const char* event : row.events) {
                REQUIRE_FALSE(end.has_value());
                const auto step = progress.on_event(nlohmann::json::parse(event));
                shown += step.show ? '+' : '-';
                end = step.end;
                CHECK(step.reason.empty() == (!end || end == ExitCode::Done));
            }
            CHECK(shown == row.shown);
            CHECK(end == row.end);
        }
    }

    TEST_CASE("what is asked of exapulsed") {
        struct Ask {
            WatchOptions options;
            const char* request;
        };
        const std::vector<Ask> rows{
            {options({}, {}, false), "sidecar subscribe"},
            {options({}, {}, true), "sidecar subscribe"},
            {options({EventType::Restarted, EventType::Failed}, {}, true),
             "sidecar subscribe restarted failed"},
            {options({EventType::Restarted}, {}, true), "sidecar subscribe restarted failed"},
            {options({EventType::Restarted}, {}, false), "sidecar subscribe restarted"},
            {outlasting({}), "sidecar subscribe"},
            {outlasting({EventType::Restarted}), "sidecar subscribe restarted connected"},
            {outlasting({EventType::Failed}), "sidecar subscribe failed"},
        };
        for (const Ask& row : rows) CHECK(WatchProgress(row.options).request() == row.request);
        CHECK(WatchProgress(outlasting({EventType::Failed})).request("since b 7") ==
              "sidecar subscribe since b 7 failed");
    }
}

}  // namespace exapulse::client
