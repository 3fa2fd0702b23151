// SPDX-License-Identifier: BSD-3-Clause
// RouteChaos: kept and leased routes while both programs restart at any time, and the file of what
// is kept is damaged.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "tests/integration/service.hpp"

namespace exapulse::test {

/// The ExaBGP and the exapulsed that it is done to.
struct ChaosHost {
    Service& service;
    std::function<void()> restart;                 ///< ExaBGP, also while it is being started
    std::function<void()> bounce;                  ///< the channel to ExaBGP, which goes on
    std::function<std::set<std::string>()> shown;  ///< the prefixes that ExaBGP announces
    std::string selector = "peer * ";              ///< of every peer; 4.2 and 5.0 need none
    bool other_attributes = true;                  ///< when a prefix is announced again
};

/// In the end ExaBGP has what the list says, and the list has what clients were told.
class RouteChaos {
  public:
    RouteChaos(ChaosHost host, unsigned long seed);

    /// EXAPULSE_TEST_CHAOS, or else so many steps; EXAPULSE_TEST_SEED, or else 1. Settles at the
    /// end and now and then.
    static void run(const ChaosHost& host, unsigned long steps);

  private:
    void step();
    void kill_exapulsed();
    void damage_file();
    void announce_and_withdraw_at_once(int number, bool stays);
    void change(int number, bool announce, bool held);
    [[nodiscard]] bool is_done(const std::string& line, bool held);
    [[nodiscard]] int any_number();
    [[nodiscard]] std::string line_of(int number, bool announce);

    /// Waits until nothing is on its way, and all three agree.
    void settle();
    [[nodiscard]] std::set<std::string> wanted() const;
    [[nodiscard]] std::set<std::string> listed() const;

    ChaosHost host_;
    std::mt19937 random_;
    std::map<int, bool> expected_;
    std::set<int> held_;     // by holder_
    std::set<int> dropped_;  // held before, and perhaps not withdrawn yet
    std::optional<TestClient> holder_;
    Answer last_answer_;
};

}  // namespace exapulse::test
