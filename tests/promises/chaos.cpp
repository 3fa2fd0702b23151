// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/chaos.hpp"

#include <array>
#include <thread>

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

}  // namespace

void Chaos::strike() {
    static constexpr std::array faults{
        Fault{3, false, &Chaos::reload_exabgp},    Fault{1, false, &Chaos::kill_helper},
        Fault{4, false, &Chaos::restart_exabgp},   Fault{3, false, &Chaos::kill_exabgp},
        Fault{3, false, &Chaos::hang_exabgp},      Fault{1, false, &Chaos::slow_exabgp},
        Fault{2, false, &Chaos::confuse_exabgp},   Fault{2, true, &Chaos::kill_exapulsed},
        Fault{2, true, &Chaos::restart_exapulsed}, Fault{2, true, &Chaos::restart_both},
        Fault{1, true, &Chaos::restart_read_only}, Fault{1, false, &Chaos::freeze_exapulsed},
        Fault{2, false, &Chaos::reload_exapulsed}, Fault{1, false, &Chaos::exhaust_descriptors},
        Fault{1, true, &Chaos::exhaust_memory},    Fault{2, false, &Chaos::fill_disk},
        Fault{2, false, &Chaos::jump_clock},
    };
    int total = 0;
    for (const Fault& fault : faults) total += fault.weight;
    int drawn = static_cast<int>(random_() % static_cast<std::uint64_t>(total));
    const Fault* chosen = faults.data();
    for (; drawn >= chosen->weight; ++chosen) drawn -= chosen->weight;
    if (may_end_ || !chosen->ends_exapulsed) (this->*chosen->happen)();
    pause();
}

void Chaos::hang_exabgp() {
    // Half of them long enough to be a failure.
    exabgp_.hang(random_() % 2 == 0 ? up_to(700ms) : 2'800ms + up_to(400ms));
}

void Chaos::slow_exabgp() {
    const std::size_t bytes = 100 + random_() % 5'000;
    exabgp_.answer_in_pieces(bytes, up_to(2'000ms));
}

void Chaos::confuse_exabgp() {
    constexpr std::array probabilities{1.0 / 200, 1.0 / 2'000};
    const double probability = probabilities[random_() % probabilities.size()];
    exabgp_.err(probability, up_to(4'000ms));
}

/// ExaBGP restarts while nobody watches it.
void Chaos::restart_both() {
    const bool kill = random_() % 2 == 0;
    const Duration away = up_to(300ms);
    daemon_.while_away(kill, [&] { exabgp_.restart(away); });
}

void Chaos::exhaust_memory() {
    const std::size_t spare = random_() % (1U << 20);
    daemon_.exhaust_memory(spare, 500ms + up_to(2'000ms));
}

void Chaos::fill_disk() {
    // Sometimes exapulsed ends before it could write what it knows.
    const bool kill = may_end_ && random_() % 3 == 0;
    daemon_.fill_disk(up_to(2'500ms), [&] {
        if (random_() % 2 == 0) exabgp_.restart(50ms);
        if (kill) daemon_.kill(0ms);
    });
}

void Chaos::jump_clock() {
    constexpr std::array jumps{-26h, -1h, 1h, 26h};
    daemon_.jump_clock(jumps[random_() % jumps.size()]);
}

Duration Chaos::up_to(Duration most) {
    return Duration(
        static_cast<Duration::rep>(random_() % static_cast<std::uint64_t>(most.count())));
}

void Chaos::pause() {
    const auto drawn = random_() % 10;
    if (drawn < 5) return std::this_thread::sleep_for(50ms + up_to(350ms));
    std::this_thread::sleep_for((drawn < 8 ? 3'500ms : 7'000ms) + exabgp_.silence());
}

}  // namespace exapulse::test
