// SPDX-License-Identifier: BSD-3-Clause
// Chaos: what befalls ExaBGP and exapulsed in a run, drawn from a seed.
#pragma once

#include <cstdint>
#include <random>

#include "tests/promises/tested_daemon.hpp"
#include "tests/promises/tested_exabgp.hpp"

namespace exapulse::test {

class Chaos {
  public:
    /// Without `may_end` exapulsed is never ended, so that its memory can be followed.
    Chaos(TestedExabgp& exabgp, TestedDaemon& daemon, std::uint64_t seed, bool may_end)
        : exabgp_(exabgp), daemon_(daemon), random_(seed), may_end_(may_end) {}

    /// One fault, then a pause: often a short one, now and then one long enough to judge what
    /// happens without any fault.
    void strike();

  private:
    struct Fault {
        int weight;
        bool ends_exapulsed;
        void (Chaos::*happen)();
    };
    void reload_exabgp() { exabgp_.reload(); }
    void kill_helper() { exabgp_.kill_helper(); }
    void restart_exabgp() { exabgp_.restart(up_to(Duration(1'000))); }
    void kill_exabgp() { exabgp_.kill(up_to(Duration(1'000))); }
    void hang_exabgp();
    void slow_exabgp();
    void confuse_exabgp();
    void kill_exapulsed() { daemon_.kill(up_to(Duration(500))); }
    void restart_exapulsed() { daemon_.restart(up_to(Duration(500))); }
    void restart_both();
    void restart_read_only() { daemon_.restart_read_only(up_to(Duration(2'000))); }
    void freeze_exapulsed() { daemon_.freeze(up_to(Duration(1'500))); }
    void reload_exapulsed() { daemon_.reload(random_); }
    void exhaust_descriptors() { daemon_.exhaust_descriptors(up_to(Duration(1'500))); }
    void exhaust_memory();
    void fill_disk();
    void jump_clock();

    [[nodiscard]] Duration up_to(Duration most);
    void pause();

    TestedExabgp& exabgp_;
    TestedDaemon& daemon_;
    std::mt19937_64 random_;
    bool may_end_;
};

}  // namespace exapulse::test
