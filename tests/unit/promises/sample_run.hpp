// SPDX-License-Identifier: BSD-3-Clause
// SampleRun: the record of a run that kept all promises, for tests that then spoil it.
#pragma once

#include <string>

#include "tests/promises/checks.hpp"
#include "tests/promises/commands.hpp"

namespace exapulse::test {

/// 60 s with exapulsed up from 0 s to 40 s (boot A, killed) and from 41 s on (boot B), and ExaBGP
/// "one" from 0 s to 20 s and "two" from 20.5 s on.
class SampleRun {
  public:
    SampleRun() {
        run.from = Time{};
        run.to = at(60'000);
        run.bounds = {.interval = Duration(250),
                      .attempts = 3,
                      .retry = Duration(1'000),
                      .slack = Duration(500),
                      .turn = Duration(1'000),
                      .durable = Duration(500),
                      .clients = 10,
                      .pending = 100,
                      .backlog = 1'000,
                      .memory_kib = 10'000,
                      .descriptors = 50};
        run.processes = {{at(0), at(20'000), "one"}, {at(20'500), at(60'000), "two"}};
        run.runs = {{at(0), at(40'000), DaemonRun::End::Killed, 0},
                    {at(41'000), at(60'500), DaemonRun::End::Stopped, 0}};
        run.faults = {{FaultKind::Gone, at(20'000), at(20'500)},
                      {FaultKind::Away, at(40'000), at(41'000)}};
        event(0, "A", EventType::State, HealthState::Connecting, "");
        event(10, "A", EventType::Connected, HealthState::Up, "one");
        event(20'010, "A", EventType::Disconnected, HealthState::Connecting, "one");
        event(20'600, "A", EventType::Restarted, HealthState::Up, "two").previous = "one";
        event(41'010, "B", EventType::Connected, HealthState::Up, "two");
        event(41'020, "B", EventType::State, HealthState::Up, "two");
        for (CommandNumber number = 1; number <= 5; ++number) done(number, 5'000 + 10 * number);
    }

    [[nodiscard]] static Time at(long ms) { return Time{} + Duration(ms); }

    /// Reported to the one subscriber, and kept; the next seq of its boot, unless it is a snapshot.
    SeenEvent& event(long ms, const std::string& boot, EventType type, HealthState state,
                     const std::string& uuid) {
        SeenEvent event{at(ms), boot, 0, type, state, uuid, "", "", 0};
        for (const SeenEvent& before : run.events)
            if (before.boot == boot) event.seq = before.seq;
        if (type != EventType::State) ++event.seq;
        run.events.push_back(event);
        return run.events.back();
    }

    /// Asked, executed and answered.
    Asked& done(CommandNumber number, long ms) {
        const bool echo = number % 16 == 5;
        const auto refused = command_line(number, false).find("route x");
        Asked asked{number, at(ms), at(ms + 10), at(ms), "done\n", false, true};
        if (echo) asked.answer = "{\"echo\": \"c" + std::to_string(number) + "\"}\ndone\n";
        if (refused != std::string::npos)
            asked.answer =
                "error: Could not parse route: " + command_line(number, false).substr(refused) +
                "\nerror\n";
        run.asked.push_back(asked);
        run.received.push_back({number, at(ms + 1)});
        run.answered.push_back({number, at(ms + 2)});
        return run.asked.back();
    }

    /// What the subscriber saw and what is kept follow from the events, unless they have been set.
    RunRecord& finish() {
        if (run.streams.empty()) {
            run.streams.emplace_back();
            for (const SeenEvent& event : run.events) {
                if (event.boot == "B" && run.streams.size() == 1) {
                    const SeenEvent& last = run.streams[0].events.back();
                    run.streams.emplace_back();
                    run.streams[1].since = Stream::Place{last.boot, last.seq};
                }
                run.streams.back().events.push_back(event);
            }
        }
        if (run.history.empty())
            for (const SeenEvent& event : run.events)
                if (event.type != EventType::State && event.type != EventType::Lagged)
                    run.history.push_back(event);
        return run;
    }

    RunRecord run;
};

}  // namespace exapulse::test
