// SPDX-License-Identifier: BSD-3-Clause
// The checker: whether a run kept each of the promises that README lists. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/promises/record.hpp"

namespace exapulse::test {

/// What a run says about a promise.
struct Judgement {
    std::size_t judged = 0;                 ///< commands, events or faults that could be judged
    std::vector<std::string> violations{};  ///< one line each; empty if the promise was kept

    void judge(bool kept, std::string violation) {
        ++judged;
        if (!kept) violations.push_back(std::move(violation));
    }
};

/// P1: an answer reaches only its asker.
[[nodiscard]] Judgement answers_of_others(const RunRecord& run);
/// P2: a command is written at most once, and never if its verdict says so.
[[nodiscard]] Judgement commands_written_twice(const RunRecord& run);
/// P3: `done` only after ExaBGP's `done` for that command; so too for `error`.
[[nodiscard]] Judgement answers_without_exabgp(const RunRecord& run);
/// P4: a restart, a closed connection and a hang are reported in time, exactly once.
[[nodiscard]] Judgement health_not_reported(const RunRecord& run);
/// P5: a subscriber sees every seq, or a notice of what it did not get.
[[nodiscard]] Judgement events_missing(const RunRecord& run);
/// P6: no client can starve others, act for them or exceed its limits.
[[nodiscard]] Judgement clients_harmed(const RunRecord& run);
/// P7: reload, restart and upgrade of exapulsed lose no history and no identity.
[[nodiscard]] Judgement history_lost(const RunRecord& run);
/// P8: memory and descriptors stay within their bounds.
[[nodiscard]] Judgement bounds_exceeded(const RunRecord& run);

/// P8 over a long time, of one process: from the first third to the last one memory grows by no
/// more than a tenth and 2 MiB, and descriptors by no more than 8.
[[nodiscard]] Judgement growth(const RunRecord& run);

struct Promise {
    std::string_view name, text;
    Judgement (*judge)(const RunRecord&);
};
[[nodiscard]] std::span<const Promise> promises();

}  // namespace exapulse::test
