// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/checks.hpp"

#include <array>

namespace exapulse::test {

std::span<const Promise> promises() {
    static constexpr std::array table{
        Promise{"P1", "an answer reaches only its asker", answers_of_others},
        Promise{"P2", "a command is written at most once", commands_written_twice},
        Promise{"P3", "`done` only after ExaBGP's", answers_without_exabgp},
        Promise{"P4", "restarts, closed connections and hangs are reported in time, once",
                health_not_reported},
        Promise{"P5", "a subscriber sees every seq, or a notice", events_missing},
        Promise{"P6", "no client starves others, acts for them or exceeds its limits",
                clients_harmed},
        Promise{"P7", "no history and no identity is lost", history_lost},
        Promise{"P8", "memory and descriptors are bounded", bounds_exceeded},
    };
    return table;
}

}  // namespace exapulse::test
