// SPDX-License-Identifier: BSD-3-Clause
// Reaction: what the simulated ExaBGP does with one command line.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::test {

/// Bytes, each piece after its delay, and what happens to the connection once they are sent.
/// Commands behind wait until all of it has happened: ExaBGP 6 answers strictly in order.
struct Reaction {
    enum class Then {
        Stay,
        Bounce,    ///< the relay dies; another takes its place
        Shutdown,  ///< ExaBGP ends
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
};

}  // namespace exapulse::test
