// SPDX-License-Identifier: BSD-3-Clause
// Simulated: a simulator of ExaBGP's named pipes, and a client of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/support/harness/temp_dir.hpp"
#include "tests/support/pipes_simulator/pipes_client.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

namespace exapulse::test {

using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

inline constexpr std::string_view announce = "announce route 10.0.0.0/24 next-hop 192.0.2.1";

inline const Answer version_42{{"exabgp 4.2.21-simulator"}, "done"};
inline const Answer version_50{{"exabgp 5.0.13-simulator"}, "done"};

/// ExaBGP 4.2, for TEST_CASE_FIXTURE.
struct Simulated {
    explicit Simulated(Dialect dialect = Dialect::Pipes42) : exabgp(dir / "exabgp", dialect) {}

    TempDir dir;
    PipesSimulator exabgp;
    PipesClient client{exabgp.name()};
};

struct Simulated50 : Simulated {
    Simulated50() : Simulated(Dialect::Pipes50) {}
};

/// To the command `test echo TAG`.
inline Answer echo_of(std::string_view tag) {
    return {{fmt::format(R"({{"echo": "{}"}})", tag)}, "done"};
}

inline Lines read_lines(PipesClient& client, std::size_t count) {
    Lines lines;
    while (lines.size() < count)
        if (auto line = client.read_line())
            lines.push_back(*line);
        else
            break;
    return lines;
}

}  // namespace exapulse::test
