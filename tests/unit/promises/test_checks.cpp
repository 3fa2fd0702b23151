// SPDX-License-Identifier: BSD-3-Clause
// Each check of the promises passes a run that kept them, and finds what breaks them.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "tests/unit/promises/sample_run.hpp"

namespace exapulse::test {

namespace {

/// The names of the promises that are broken, and that could be judged.
std::string broken(const RunRecord& run) {
    std::string names;
    for (const Promise& promise : promises())
        if (!promise.judge(run).violations.empty()) names.append(promise.name).append(" ");
    return names;
}

constexpr auto at = SampleRun::at;

}  // namespace

TEST_CASE("a run that kept all promises: each has been judged, none is broken") {
    SampleRun sample;
    sample.run.samples = {{at(1'000), 9'000, 40}};
    const RunRecord& run = sample.finish();
    for (const Promise& promise : promises()) {
        const Judgement judgement = promise.judge(run);
        CAPTURE(std::string(promise.name));
        CHECK(judgement.judged > 0);
        CHECK(judgement.violations == std::vector<std::string>{});
    }
}

TEST_CASE("P1: another's answer, in whole or in part") {
    for (const char* answer :
         {"{\"echo\": \"c5\"}\ndone\n", "error\n", "x\ndone\n", "error: y\nerror\n",
          "c9 0\nerror: outcome-unknown: lost\nerror\n", "error: denied: no\nerror\n"}) {
        CAPTURE(std::string(answer));
        SampleRun sample;
        sample.run.asked[0].answer = answer;
        sample.run.asked[0].alone = false;
        CHECK(answers_of_others(sample.finish()).violations.size() == 1);
    }
    for (const char* answer :
         {"error: outcome-unknown: lost\nerror\n", "neighbor 192.0.2.7 up\ndone\n",
          "neighbor 192.0.2.7 up\nerror: not-sent: down\nerror\n"}) {
        CAPTURE(std::string(answer));
        SampleRun sample;
        sample.run.asked[0].answer = answer;
        CHECK(answers_of_others(sample.finish()).violations.empty());
    }
}

TEST_CASE("P1: a long answer that lost its end has only its own beginning") {
    SampleRun sample;
    Asked& asked = sample.done(9, 6'000);
    const std::string line = "c9 0" + std::string(56, '.') + "\n";
    asked.answer = line + "error: outcome-unknown: lost\nerror\n";
    CHECK(answers_of_others(sample.finish()).violations.empty());
    sample.run.asked.back().answer = line + line + "error: outcome-unknown: lost\nerror\n";
    CHECK(answers_of_others(sample.run).violations.size() == 1);
    sample.run.asked.back().answer = line + "done\n";
    CHECK(answers_of_others(sample.run).violations.size() == 1);
}

TEST_CASE("P2: written twice, or written though the verdict says otherwise") {
    SampleRun sample;
    sample.run.received.push_back({1, at(5'500)});
    CHECK(broken(sample.finish()) == "P2 ");
    for (const char* code : {"not-sent", "busy"}) {
        SampleRun other;
        other.run.asked[0].answer = "error: " + std::string(code) + ": x\nerror\n";
        other.run.asked[0].alone = false;
        CHECK(broken(other.finish()) == "P2 ");
        other.run.received.erase(other.run.received.begin());
        CHECK(broken(other.run).empty());
    }
}

TEST_CASE("P3: an answer that ExaBGP did not give, or not yet") {
    SampleRun sample;
    sample.run.answered[0].at = at(9'000);
    CHECK(broken(sample.finish()) == "P3 ");
    sample.run.answered.erase(sample.run.answered.begin());
    CHECK(broken(sample.run) == "P3 ");
}

TEST_CASE("P4: a restart that is not reported, late, twice, or invented") {
    SUBCASE("not") {
        SampleRun sample;
        sample.run.events[3].type = EventType::Reconnected;
        sample.run.events[3].uuid = "one";
        CHECK_FALSE(health_not_reported(sample.finish()).violations.empty());
    }
    SUBCASE("late") {
        SampleRun sample;
        sample.run.events[3].at = at(23'000);
        CHECK_FALSE(health_not_reported(sample.finish()).violations.empty());
    }
    SUBCASE("late, but exapulsed was stopped meanwhile") {
        SampleRun sample;
        sample.run.events[3].at = at(23'000);
        sample.run.faults.push_back({FaultKind::Frozen, at(20'500), at(22'900)});
        CHECK(health_not_reported(sample.finish()).violations.empty());
    }
    SUBCASE("late, but exapulsed first has to wait for silence") {
        for (const long ms : {24'200, 24'300}) {
            SampleRun sample;
            sample.run.bounds.silence = Duration(2'000);
            sample.run.events[3].at = at(ms);
            CHECK(health_not_reported(sample.finish()).violations.empty() == (ms == 24'200));
        }
    }
    SUBCASE("twice in one run of exapulsed") {
        SampleRun sample;
        sample.event(41'500, "B", EventType::Restarted, HealthState::Up, "two").previous = "one";
        sample.event(41'600, "B", EventType::Restarted, HealthState::Up, "two").previous = "one";
        CHECK_FALSE(health_not_reported(sample.finish()).violations.empty());
    }
    SUBCASE("again by the next run, which did not know") {
        SampleRun sample;
        sample.run.events[4].type = EventType::Restarted;
        sample.run.events[4].previous = "one";
        CHECK(health_not_reported(sample.finish()).violations.size() == 1);
        sample.run.runs[0].to = sample.run.events[3].at + Duration(10);
        CHECK(health_not_reported(sample.run).violations.empty());
    }
    SUBCASE("of an ExaBGP that never was") {
        SampleRun sample;
        sample.event(50'000, "B", EventType::Restarted, HealthState::Up, "three").previous = "two";
        CHECK_FALSE(health_not_reported(sample.finish()).violations.empty());
    }
}

TEST_CASE("P4: with pipes, where ExaBGP has no UUID, restarts are counted") {
    SampleRun sample;
    sample.run.pipes = true;
    for (ExabgpProcess& process : sample.run.processes) process.uuid.clear();
    CHECK(health_not_reported(sample.finish()).violations.empty());
    sample.run.events[3].type = EventType::Reconnected;
    CHECK(health_not_reported(sample.run).violations.size() == 1);
}

TEST_CASE("P4: a closed connection is reported in time, once") {
    for (const int reports : {0, 1, 2}) {
        CAPTURE(reports);
        SampleRun sample;
        sample.run.faults.push_back({FaultKind::Closed, at(30'000), at(30'020)});
        for (int i = 0; i < reports; ++i) {
            sample.event(30'050 + 100 * i, "A", EventType::Disconnected, HealthState::Connecting,
                         "two");
            sample.event(30'090 + 100 * i, "A", EventType::Reconnected, HealthState::Up, "two");
        }
        std::stable_sort(sample.run.events.begin(), sample.run.events.end(),
                         [](const SeenEvent& a, const SeenEvent& b) { return a.at < b.at; });
        CHECK(health_not_reported(sample.finish()).violations.size() == (reports == 1 ? 0 : 1));
    }
}

TEST_CASE("P4: a hang is reported in time, once, and so is its end") {
    for (const long reported : {0L, 31'000L, 31'600L}) {
        for (const bool recovered : {true, false}) {
            CAPTURE(reported);
            CAPTURE(recovered);
            SampleRun sample;
            sample.run.faults.push_back({FaultKind::Hung, at(30'000), at(33'000)});
            if (reported > 0)
                sample.event(reported, "A", EventType::Failed, HealthState::Down, "two");
            if (reported > 0 && recovered)
                sample.event(33'010, "A", EventType::Recovered, HealthState::Up, "two");
            std::stable_sort(sample.run.events.begin(), sample.run.events.end(),
                             [](const SeenEvent& a, const SeenEvent& b) { return a.at < b.at; });
            const bool in_time = reported == 31'000;
            const bool kept = in_time && recovered;
            CHECK(health_not_reported(sample.finish()).violations.empty() == kept);
        }
    }
}

TEST_CASE("P5: a seq that is left out, repeated, goes back, or is counted wrongly") {
    SUBCASE("left out") {
        SampleRun sample;
        auto& events = sample.finish().streams[0].events;
        events.erase(events.begin() + 2);
        CHECK(broken(sample.run) == "P5 ");
    }
    SUBCASE("repeated") {
        SampleRun sample;
        auto& events = sample.finish().streams[0].events;
        events.insert(events.begin() + 2, events[1]);
        CHECK(broken(sample.run) == "P5 ");
    }
    SUBCASE("resumed too late") {
        SampleRun sample;
        auto& events = sample.finish().streams[1].events;
        events.erase(events.begin());
        CHECK(broken(sample.run) == "P5 ");
    }
    SUBCASE("another run of exapulsed, without a notice") {
        SampleRun sample;
        sample.finish().streams[1].events.push_back(sample.run.events[1]);
        CHECK(broken(sample.run) == "P5 ");
    }
    SUBCASE("lagged, with the right or the wrong number") {
        for (const std::uint64_t dropped : {2U, 3U}) {
            SampleRun sample;
            auto& events = sample.finish().streams[0].events;
            events.resize(2);
            SeenEvent lagged = events.back();
            lagged.type = EventType::Lagged;
            lagged.seq += 2;
            lagged.dropped = dropped;
            events.push_back(lagged);
            CHECK(events_missing(sample.run).violations.empty() == (dropped == 2));
        }
    }
    SUBCASE("a gap in the past is a notice, in a live stream it is not") {
        for (const bool live : {false, true}) {
            SampleRun sample;
            sample.finish();
            sample.run.streams.emplace_back();
            Stream& stream = sample.run.streams.back();
            stream.since = Stream::Place{"A", 1};
            if (live) stream.events.push_back(sample.run.events[1]);
            if (live) stream.events.back().type = EventType::State;
            stream.events.push_back(sample.run.events[3]);
            stream.events.back().type = EventType::Gap;
            CHECK(events_missing(sample.run).violations.empty() == !live);
        }
    }
}

TEST_CASE("P6: a client that waits too long, is refused, or is cut off") {
    SampleRun sample;
    sample.done(6, 30'000).answered = at(31'100);
    CHECK(broken(sample.finish()) == "P6 ");
    sample.run.faults.push_back({FaultKind::Hung, at(30'100), at(30'900)});
    CHECK(clients_harmed(sample.run).violations.empty());

    SampleRun refused;
    refused.done(6, 30'000).answer = "error: busy: x\nerror\n";
    CHECK(clients_harmed(refused.finish()).violations.size() == 1);

    SampleRun cut;
    Asked& asked = cut.done(6, 30'000);
    asked.answer.clear();
    asked.alone = false;
    CHECK(broken(cut.finish()) == "P6 ");
    cut.run.asked.back().left = true;
    CHECK(broken(cut.run).empty());
    cut.run.asked.back().left = false;
    cut.run.asked.back().connected = at(39'999);
    cut.run.asked.back().answered = at(40'001);
    CHECK(broken(cut.run).empty());
}

TEST_CASE("P6: limits, and what a client may not do") {
    for (const ClientsSample& over :
         {ClientsSample{11, 0, 0}, ClientsSample{1, 101, 0}, ClientsSample{1, 1, 1'001}}) {
        SampleRun sample;
        sample.run.clients = {over};
        CHECK(broken(sample.finish()) == "P6 ");
    }
    SampleRun sample;
    sample.run.forbidden = {"announce route forbidden"};
    CHECK(broken(sample.finish()) == "P6 ");
}

TEST_CASE("P7: an event that is not kept, unless exapulsed was killed at once") {
    SampleRun sample;
    sample.finish().history.erase(sample.run.history.begin() + 2);
    sample.run.history.erase(sample.run.history.begin() + 1);
    CHECK_FALSE(history_lost(sample.run).violations.empty());

    SampleRun killed;
    killed.event(39'900, "A", EventType::Degraded, HealthState::Degraded, "two");
    std::stable_sort(killed.run.events.begin(), killed.run.events.end(),
                     [](const SeenEvent& a, const SeenEvent& b) { return a.at < b.at; });
    killed.finish().history.erase(killed.run.history.begin() + 3);
    CHECK(history_lost(killed.run).violations.empty());
    killed.run.runs[0].to = at(40'500);
    CHECK(history_lost(killed.run).violations.size() == 1);
    for (const FaultKind kind : {FaultKind::NoSpace, FaultKind::NoMemory}) {
        killed.run.faults.push_back({kind, at(39'000), at(40'100)});
        CHECK(history_lost(killed.run).violations.empty());
        killed.run.faults.pop_back();
    }
}

TEST_CASE("P7: an identity or a run that is forgotten, an exapulsed that ends by itself") {
    SampleRun other;
    other.run.events[4].uuid = other.run.events[5].uuid = "one";
    CHECK(history_lost(other.finish()).violations.size() == 1);

    SampleRun unknown;
    unknown.finish().streams[1].unknown_place = true;
    CHECK(history_lost(unknown.run).violations.size() == 1);

    SampleRun crashed;
    crashed.run.runs[1].end = DaemonRun::End::ByItself;
    CHECK(broken(crashed.finish()) == "P7 ");
    crashed.run.runs[1] = {at(41'000), at(60'500), DaemonRun::End::Stopped, 1};
    CHECK(broken(crashed.run) == "P7 ");
}

TEST_CASE("P8: more memory or descriptors than there may be, and growth") {
    for (const Sample& sample : {Sample{at(1), 10'001, 1}, Sample{at(1), 1, 51}}) {
        SampleRun over;
        over.run.samples = {sample};
        CHECK(broken(over.finish()) == "P8 ");
    }
    SampleRun soak;
    for (long ms = 0; ms <= 60'000; ms += 1'000)
        soak.run.samples.push_back({at(ms), 5'000 + static_cast<std::size_t>(ms) / 50, 20});
    CHECK(growth(soak.run).violations.empty());
    for (Sample& sample : soak.run.samples) sample.memory_kib *= 20;
    CHECK(growth(soak.run).violations.size() == 1);
    for (Sample& sample : soak.run.samples)
        sample = {sample.at, 5'000, sample.at > at(40'000) ? 29U : 20U};
    CHECK(growth(soak.run).violations.size() == 1);
    soak.run.samples.clear();
    CHECK(growth(soak.run).judged == 0);
}

TEST_CASE("commands: each line names its number, and nothing else does") {
    for (const bool pipes : {false, true})
        for (CommandNumber number = 1; number < 200; ++number)
            CHECK(number_in(command_line(number, pipes)) == number);
    for (const char* line :
         {"system api version 17", "test echo flood", "ping", "show neighbor 5", ""})
        CHECK_FALSE(number_in(line));
}

}  // namespace exapulse::test
