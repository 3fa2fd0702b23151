// SPDX-License-Identifier: BSD-3-Clause
// ReconnectBackoff: how long to wait before the next attempt to reach ExaBGP. Pure.
#pragma once

#include <cstdint>

#include "common/time.hpp"

namespace exapulse {

/// From 100 ms doubling to 5 s, each shortened by up to a quarter at random so that several
/// exapulsed do not retry in lockstep. A socket that was just created may not listen yet, so after
/// retry_soon() some quick attempts come first.
class ReconnectBackoff {
  public:
    static constexpr Milliseconds first{100};
    static constexpr Milliseconds longest{5'000};
    static constexpr Milliseconds quick{10};
    /// The longest pause before named pipes are tried again: no event shows that the next ExaBGP,
    /// or its next helper, has opened them.
    static constexpr Milliseconds longest_on_pipes{500};

    explicit ReconnectBackoff(std::uint32_t seed) : random_(seed | 1U) {}

    /// `most`: the longest pause here.
    [[nodiscard]] Milliseconds next(Milliseconds most = longest);
    /// Something changed where ExaBGP's socket is searched for.
    void retry_soon();
    /// A connection was made: the next loss begins from the first delay.
    void reset() { delay_ = first; }

  private:
    [[nodiscard]] std::uint32_t random();

    std::uint32_t random_;
    Milliseconds delay_ = first;
};

}  // namespace exapulse
