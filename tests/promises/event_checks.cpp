// SPDX-License-Identifier: BSD-3-Clause
// P4: what is reported about ExaBGP, and when.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tests/promises/calm.hpp"
#include "tests/promises/checks.hpp"

namespace exapulse::test {

namespace {

/// It follows an answer of ExaBGP.
bool is_pong(const SeenEvent& event) {
    return event.type == EventType::Connected || event.type == EventType::Restarted ||
           event.type == EventType::Reconnected || event.type == EventType::Recovered;
}

long ms_since_start(const RunRecord& run, Time time) {
    return std::chrono::duration_cast<Duration>(time - run.from).count();
}

/// The last event read by `at` that `wanted` accepts; nullptr if there is none.
template <typename Wanted>
const SeenEvent* last_event(const RunRecord& run, Time at, Wanted wanted) {
    const SeenEvent* last = nullptr;
    for (const SeenEvent& event : run.events) {
        if (event.at > at) break;
        if (wanted(event)) last = &event;
    }
    return last;
}

long count(const RunRecord& run, EventType type, Time from, Time to) {
    return std::count_if(run.events.begin(), run.events.end(), [&](const SeenEvent& event) {
        return event.type == type && event.at >= from && event.at <= to;
    });
}

/// Undisturbed so far and up, so that a fault which begins at `at` must be seen.
bool up_at(const RunRecord& run, const Fault& fault) {
    const SeenEvent* last = last_event(run, fault.from, [](const SeenEvent&) { return true; });
    return last != nullptr && last->state == HealthState::Up &&
           !disturbed(run, delays_reports, fault.from - run.bounds.reached(), fault.from, &fault);
}

/// exapulsed has it up, and names the right one, once it had the time for that.
void judge_reached(const RunRecord& run, const ExabgpProcess& process, bool& seen,
                   Judgement& found) {
    for (const Span& calm : calm_times(run, delays_reports, process.from, process.to)) {
        const Time due = calm.from + run.bounds.reached();
        if (due >= calm.to || due >= run.to) continue;
        seen = true;
        const SeenEvent* last = last_event(run, due, [](const SeenEvent& event) {
            return event.type != EventType::Store && event.type != EventType::Gap;
        });
        const SeenEvent* pong = last_event(run, due, is_pong);
        const bool up = last != nullptr && pong != nullptr && last->state == HealthState::Up;
        found.judge(up, fmt::format("ExaBGP answered from {} ms on, but was not up at {} ms",
                                    ms_since_start(run, calm.from), ms_since_start(run, due)));
        const bool right =
            !up || (process.uuid.empty() ? pong->at >= process.from : pong->uuid == process.uuid);
        found.judge(right,
                    fmt::format("the ExaBGP that began at {} ms was not reported by {} ms",
                                ms_since_start(run, process.from), ms_since_start(run, due)));
    }
}

void judge_restarts(const RunRecord& run, Judgement& found) {
    for (std::size_t i = 0; i < run.processes.size(); ++i) {
        const ExabgpProcess& process = run.processes[i];
        const Time next = i + 1 < run.processes.size() ? run.processes[i + 1].from : run.to;
        bool seen = false;
        judge_reached(run, process, seen, found);
        if (i == 0) continue;
        long reports = 0;
        bool may_repeat = false;
        for (const SeenEvent& event : run.events) {
            if (event.type != EventType::Restarted) continue;
            if (process.uuid.empty() ? event.at < process.from || event.at >= next
                                     : event.uuid != process.uuid)
                continue;
            ++reports;
            may_repeat = may_repeat || ended_before_saved(run, event.at);
        }
        found.judge((reports > 0 || !seen) && (reports <= 1 || may_repeat),
                    fmt::format("the restart of ExaBGP at {} ms was reported {} times",
                                ms_since_start(run, process.from), reports));
    }
}

void judge_closed(const RunRecord& run, const Fault& fault, Judgement& found) {
    const Time due = fault.from + run.bounds.closed();
    if (due > run.to || !up_at(run, fault)) return;
    if (disturbed(run, delays_reports, fault.from, due, &fault)) return;
    const long reports = count(run, EventType::Disconnected, fault.from, due);
    found.judge(reports == 1, fmt::format("the connection closed at {} ms was reported {} times",
                                          ms_since_start(run, fault.from), reports));
}

void judge_hung(const RunRecord& run, const Fault& fault, Judgement& found) {
    const Time due = fault.from + run.bounds.hung();
    if (due > fault.to || !up_at(run, fault)) return;
    if (disturbed(run, delays_reports, fault.from, fault.to, &fault)) return;
    const long reports = count(run, EventType::Failed, fault.from, due);
    found.judge(reports == 1, fmt::format("the hang at {} ms was reported {} times",
                                          ms_since_start(run, fault.from), reports));
}

/// No report is repeated before what it reports has ended, and none is invented.
void judge_sequence(const RunRecord& run, Judgement& found) {
    std::map<std::string, std::set<EventType>> open;  // by boot: reported, not ended yet
    std::set<std::pair<std::string, std::string>> restarts;
    std::set<std::string> uuids;
    for (const ExabgpProcess& process : run.processes) uuids.insert(process.uuid);
    for (const SeenEvent& event : run.events) {
        auto& reported = open[event.boot];
        if (is_pong(event)) reported.clear();
        if (event.type == EventType::Disconnected || event.type == EventType::Failed)
            found.judge(reported.insert(event.type).second,
                        fmt::format("event {} repeats '{}'", event.seq, name_of(event.type)));
        if (event.type != EventType::Restarted) continue;
        found.judge(restarts.emplace(event.boot, event.uuid).second,
                    fmt::format("event {} repeats the restart {}", event.seq, event.uuid));
        found.judge(event.uuid != event.previous && (run.pipes || uuids.count(event.uuid) > 0),
                    fmt::format("event {} reports a restart that was none", event.seq));
    }
}

}  // namespace

Judgement health_not_reported(const RunRecord& run) {
    Judgement found;
    judge_restarts(run, found);
    for (const Fault& fault : run.faults) {
        if (fault.kind == FaultKind::Closed || fault.kind == FaultKind::Gone)
            judge_closed(run, fault, found);
        if (fault.kind == FaultKind::Hung) judge_hung(run, fault, found);
    }
    judge_sequence(run, found);
    return found;
}

}  // namespace exapulse::test
