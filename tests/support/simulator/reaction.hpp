// SPDX-License-Identifier: BSD-3-Clause
// Reaction: the response of the simulated ExaBGP to one command line.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::test {

/// What add_mistake() puts before an answer: it was for another program.
inline constexpr std::string_view foreign_line = "neighbor 192.0.2.7 up";

/// Bytes, each piece after its delay, and what happens to the connection once they are sent. Later
/// commands wait until all of it has happened: ExaBGP 6 answers strictly in order, as do 4.2
/// and 5.0 for the commands that they queue.
struct Reaction {
    enum class Then {
        Stay,
        Bounce,     ///< the relay dies and is replaced
        Reload,     ///< 4.2, 5.0: a new relay; queued commands are executed without an answer
        DropQueue,  ///< 4.2, 5.0: queued commands are dropped
        Shutdown,   ///< ExaBGP exits
        Crash,      ///< ExaBGP dies of an uncaught exception
    };
    struct Step {
        std::chrono::milliseconds delay{};
        std::string bytes;
    };
    std::vector<Step> steps{};
    Then then = Then::Stay;
    /// The command that it answers, for the simulator's record; empty where the answer is not
    /// whole.
    std::string answers{};

    Reaction& raw(std::string_view bytes, std::chrono::milliseconds delay = {}) {
        steps.push_back({delay, std::string(bytes)});
        return *this;
    }
    Reaction& line(std::string_view text, std::chrono::milliseconds delay = {}) {
        return raw(std::string(text) + '\n', delay);
    }

    /// Makes it fail in one of four ways: the relay dies before it, in the middle of it or right
    /// after it, or it is late.
    void add_fault(std::mt19937_64& random);

    /// Makes the answer wrong in one of four ways: a terminator too many before it or after it, no
    /// terminator, or a line of somebody else's before it.
    void add_mistake(std::mt19937_64& random);
};

}  // namespace exapulse::test
