// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/calm.hpp"

#include <algorithm>

namespace exapulse::test {

namespace {

bool is_one_of(FaultKind kind, std::initializer_list<FaultKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// exapulsed tries again after 1 s, 2 s, ... while it can't write: the last pause began before
/// there was space again, and is no longer than all the time before it.
Time written_again(const Fault& no_space) {
    return no_space.to + (no_space.to - no_space.from) + std::chrono::seconds(2);
}

}  // namespace

bool disturbed(const RunRecord& run, std::initializer_list<FaultKind> kinds, Time from, Time to,
               const Fault* except) {
    return std::any_of(run.faults.begin(), run.faults.end(), [&](const Fault& fault) {
        return &fault != except && is_one_of(fault.kind, kinds) && fault.from <= to &&
               fault.to >= from;
    });
}

std::vector<Span> calm_times(const RunRecord& run, std::initializer_list<FaultKind> kinds,
                             Time from, Time to) {
    std::vector<Span> disturbances;
    for (const Fault& fault : run.faults)
        if (is_one_of(fault.kind, kinds) && fault.from <= to && fault.to >= from)
            disturbances.push_back({fault.from, fault.to});
    std::sort(disturbances.begin(), disturbances.end(),
              [](const Span& a, const Span& b) { return a.from < b.from; });
    std::vector<Span> calm;
    for (const Span& disturbance : disturbances) {
        if (disturbance.from > from) calm.push_back({from, disturbance.from});
        from = std::max(from, disturbance.to);
    }
    if (from < to) calm.push_back({from, to});
    return calm;
}

bool ended_before_saved(const RunRecord& run, Time at) {
    const auto& durable = run.bounds.durable;
    return std::any_of(run.runs.begin(), run.runs.end(), [&](const DaemonRun& ended) {
        // What it had written to a client may be read after its end.
        if (ended.to + durable < at) return false;
        if (ended.to <= at + durable) return true;
        return std::any_of(run.faults.begin(), run.faults.end(), [&](const Fault& fault) {
            return is_one_of(fault.kind, {FaultKind::NoSpace, FaultKind::NoMemory}) &&
                   fault.from <= at + durable && written_again(fault) >= at &&
                   ended.to <= written_again(fault);
        });
    });
}

}  // namespace exapulse::test
