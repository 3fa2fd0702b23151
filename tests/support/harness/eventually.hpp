// SPDX-License-Identifier: BSD-3-Clause
// eventually(): waits until a condition holds, with a deadline.
#pragma once

#include <chrono>
#include <ostream>
#include <thread>

namespace exapulse::test {

/// Long enough for a loaded machine under sanitizers; a test that passes never waits for it.
inline constexpr std::chrono::milliseconds patience{10'000};

/// The result of eventually(). CHECK(eventually(...)) prints how long it waited.
struct Outcome {
    bool held;
    std::chrono::milliseconds waited;

    explicit operator bool() const { return held; }
    friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
        return out << (outcome.held ? "true after " : "still false after ")
                   << outcome.waited.count() << " ms";
    }
};

/// Calls `predicate` every few milliseconds until it is true or `timeout` expires.
template <typename Predicate>
[[nodiscard]] Outcome eventually(Predicate&& predicate,
                                 std::chrono::milliseconds timeout = patience) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    for (;;) {
        const bool held = static_cast<bool>(predicate());
        const auto waited =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
        if (held || waited >= timeout) return {held, waited};
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
}

}  // namespace exapulse::test
