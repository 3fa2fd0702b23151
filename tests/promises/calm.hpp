// SPDX-License-Identifier: BSD-3-Clause
// When nothing in a run was in the way of what is to be judged. Pure.
#pragma once

#include <initializer_list>
#include <vector>

#include "tests/promises/record.hpp"

namespace exapulse::test {

/// What may delay a report about ExaBGP. A full disk and a changed clock must not.
inline constexpr std::initializer_list<FaultKind> delays_reports{
    FaultKind::Closed, FaultKind::Gone,   FaultKind::Hung,          FaultKind::Erring,
    FaultKind::Away,   FaultKind::Frozen, FaultKind::NoDescriptors, FaultKind::Busy};

/// What may delay the answer to a command.
inline constexpr std::initializer_list<FaultKind> delays_answers{
    FaultKind::Closed, FaultKind::Gone,          FaultKind::Hung,
    FaultKind::Slow,   FaultKind::Erring,        FaultKind::Away,
    FaultKind::Frozen, FaultKind::NoDescriptors, FaultKind::Busy};

/// Whether a fault of one of `kinds` touches the time from `from` to `to`; `except` does not count.
[[nodiscard]] bool disturbed(const RunRecord& run, std::initializer_list<FaultKind> kinds,
                             Time from, Time to, const Fault* except = nullptr);

/// The times between `from` and `to` without a fault of one of `kinds`, in order.
struct Span {
    Time from, to;
};
[[nodiscard]] std::vector<Span> calm_times(const RunRecord& run,
                                           std::initializer_list<FaultKind> kinds, Time from,
                                           Time to);

/// Whether exapulsed ended at a moment when what was read at `at` may not have been on the disk
/// yet: very soon after it, or while nothing could be written, or before that was noticed to be
/// possible again.
[[nodiscard]] bool ended_before_saved(const RunRecord& run, Time at);

}  // namespace exapulse::test
