// SPDX-License-Identifier: BSD-3-Clause
// Reaction: what the simulated ExaBGP does with one command line.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::test {

/// Bytes, each piece after its delay, and what happens to the connection once they are sent.
/// Commands behind wait until all of it has happened: ExaBGP 6 answers strictly in order, and 4.2
/// and 5.0 do for the commands that go through their queue.
struct Reaction {
    enum class Then {
        Stay,
        Bounce,     ///< the relay dies; another takes its place
        Reload,     ///< 4.2, 5.0: another relay, and what is queued is done without an answer
        DropQueue,  ///< 4.2, 5.0: what is queued is forgotten
        Shutdown,   ///< ExaBGP ends
        Crash,      ///< ExaBGP dies of an uncaught exception
    };
    struct Step {
        std::chrono::milliseconds delay{};
        std::string bytes;
    };
    std::vector<Step> steps{};
    Then then = Then::Stay;

    Reaction& raw(std::string_view bytes, std::chrono::milliseconds delay = {}) {
        steps.push_back({delay, std::string(bytes)});
        return *this;
    }
    Reaction& line(std::string_view text, std::chrono::milliseconds delay = {}) {
        return raw(std::string(text) + '\n', delay);
    }

    /// Makes it go wrong in one of four ways: the relay dies before it, in the middle of it or
    /// right behind it, or it is late.
    void add_fault(std::mt19937_64& random);
};

}  // namespace exapulse::test
