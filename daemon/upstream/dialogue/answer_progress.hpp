// SPDX-License-Identifier: BSD-3-Clause
// AnswerProgress: whether what arrives brings an answer forward, or only trickles. Pure.
#pragma once

#include <cstddef>

#include "common/time.hpp"

namespace exapulse {

/// A byte now and then is no progress: an ExaBGP that hangs in the middle of a line must not hold
/// the channel for ever. Each line of an answer is a step, and so are many bytes of a long one.
class AnswerProgress {
  public:
    /// So many bytes without a step are progress.
    static constexpr std::size_t enough_bytes = 512;

    explicit AnswerProgress(TimePoint now) : last_(now) {}

    /// Bytes arrived; true when they made enough.
    bool add(std::size_t bytes, TimePoint now) {
        bytes_ += bytes;
        if (bytes_ < enough_bytes) return false;
        step(now);
        return true;
    }
    void step(TimePoint now) {
        bytes_ = 0;
        last_ = now;
    }
    [[nodiscard]] TimePoint last() const { return last_; }

  private:
    std::size_t bytes_ = 0;  // since then
    TimePoint last_;
};

}  // namespace exapulse
