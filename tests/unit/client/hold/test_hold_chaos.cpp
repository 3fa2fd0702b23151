// SPDX-License-Identifier: BSD-3-Clause
// HoldState against a model of exapulsed and ExaBGP: whatever is lost and refused on the way, what
// is to be announced is announced in the end, and nothing else.
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/hold/held_line.hpp"
#include "tests/unit/client/hold/held_state.hpp"

namespace exapulse::client {

using namespace held;

namespace {

/// By the prefix, as ExaBGP knows a route: the line that announced it last.
using HeldRib = std::map<std::string, std::string>;
constexpr const char* stranger = "peer * announce route 10.0.9.0/24 next-hop self";

std::string prefix_of(const std::string& line) {
    const auto start = line.find("10.");
    return line.substr(start, line.find(' ', start) - start);
}

/// What is announced differs between up and down in all ways: replaced, added and dropped, and
/// replaced in a spelling that has another key.
const HoldLines chaos_up{"peer * announce route 10.0.0.0/24 next-hop self",
                         "peer * announce route 10.0.1.0/24 next-hop self",
                         "peer * announce route 10.0.2.0/24 next-hop self",
                         "peer * announce attributes next-hop self nlri 10.0.3.0/24"};
const HoldLines chaos_down{"peer * announce route 10.0.0.0/24 next-hop self med 1000",
                           "peer  *  announce route 10.0.1.0/24 next-hop self med 1000",
                           "peer * announce attributes next-hop self med 9 nlri 10.0.2.0/24",
                           "peer * announce route 10.0.4.0/24 next-hop self"};

HeldRib rib_of(const HoldLines& lines) {
    HeldRib rib;
    for (const std::string& line : lines) rib[prefix_of(line)] = line;
    return rib;
}

std::string text_of(const HeldRib& rib) {
    std::string text;
    for (const auto& [prefix, line] : rib) text += line + "\n";
    return text;
}

/// Executes what it is sent when it answers, unless the connection is lost first.
class ChaosWorld {
  public:
    /// A hold before this one may have left its routes.
    explicit ChaosWorld(unsigned seed) : random_(seed) {
        if (seed % 4 == 1) rib_ = rib_of(chaos_up);
        if (seed % 4 == 2) rib_ = rib_of(chaos_down);
    }

    void disturb() {
        switch (pick(8)) {
            case 0:
                held_.state.set_goal(pick(2) == 0 ? HoldGoal::Up : HoldGoal::Down);
                break;
            case 1:
                lose();
                break;
            case 2:
                held_.now += std::chrono::milliseconds(pick(20'000));
                break;
            default:
                held_.now += std::chrono::milliseconds(pick(500));
                go_on(pick(6), true);
        }
    }

    /// Without further trouble, until nothing is left to do.
    void settle(HoldGoal goal) {
        go_on(0, false);
        held_.state.set_goal(goal);
        for (int i = 0; i < 200; ++i) {
            held_.now += 1s;
            go_on(1'000, false);
        }
    }

    [[nodiscard]] const HeldRib& rib() const { return rib_; }
    [[nodiscard]] const HoldState& state() const { return held_.state; }

  private:
    int pick(int below) { return std::uniform_int_distribution(0, below - 1)(random_); }

    void lose() {
        // Some of what was sent is executed, and nobody learns of it.
        for (int left = pick(4); left > 0 && !sent_.empty(); --left) execute_next();
        sent_.clear();
        mine_.clear();
        if (attached_) held_.state.lost("closed");
        attached_ = false;
    }

    void go_on(int answers, bool trouble) {
        if (!attached_) {
            held_.state.attached();
            attached_ = true;
        }
        while (answers-- > 0) {
            while (const auto line = held_.state.next(held_.now)) sent_.push_back(*line);
            if (sent_.empty()) return;
            answer(trouble);
        }
    }

    void execute_next() {
        const std::string line = sent_.front();
        sent_.erase(sent_.begin());
        if (line.find(" announce ") != std::string::npos) {
            rib_[prefix_of(line)] = line;
            mine_.insert(prefix_of(line));
        }
        if (line.find(" withdraw ") != std::string::npos) rib_.erase(prefix_of(line));
    }

    void answer(bool trouble) {
        const std::string line = sent_.front();
        if (line == ask_status) {
            sent_.erase(sent_.begin());
            return held_.answer_status(trouble && pick(4) == 0 ? "down" : "up");
        }
        if (line == ask_routes) {
            sent_.erase(sent_.begin());
            if (trouble && pick(4) == 0) return held_.answer(held_error(ErrorCode::Busy));
            return held_.answer_routes(listed());
        }
        if (line == renew_line && trouble && pick(5) == 0) {  // it was late: all is withdrawn
            sent_.erase(sent_.begin());
            rib_.clear();
            return held_.answer(held_error(ErrorCode::LeaseOver));
        }
        const bool of_route = line.starts_with("peer");
        switch (trouble && of_route ? pick(8) : 7) {
            case 0:
                sent_.erase(sent_.begin());
                return held_.answer(held_error(ErrorCode::NotSent));
            case 1:
                sent_.erase(sent_.begin());
                return held_.answer(held_error(ErrorCode::OutcomeUnknown));
            case 2:
                execute_next();
                return held_.answer(held_error(ErrorCode::OutcomeUnknown));
            case 3:
                execute_next();
                return held_.answer(held_error(ErrorCode::NotSaved));
            default:
                execute_next();
                return held_.answer();
        }
    }

    [[nodiscard]] HoldLines listed() const {
        HoldLines routes{left_route(stranger)};
        for (const auto& [prefix, line] : rib_)
            routes.push_back(left_route(line, "null", mine_.contains(prefix) ? "true" : "false"));
        return routes;
    }

    std::mt19937 random_;
    HeldState held_{chaos_down, chaos_up};
    HeldRib rib_;
    std::set<std::string> mine_;  // of them: announced on this connection
    HoldLines sent_;
    bool attached_ = false;
};

}  // namespace

TEST_CASE("hold: after any trouble ExaBGP has what is to be announced, and no more") {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        CAPTURE(seed);
        ChaosWorld world(seed);
        const HoldGoal goal = seed % 3 == 0   ? HoldGoal::Up
                              : seed % 3 == 1 ? HoldGoal::Down
                                              : HoldGoal::Ended;
        for (int i = 0; i < 60; ++i) world.disturb();
        if (goal == HoldGoal::Ended && seed % 2 == 0) world.settle(HoldGoal::Up);
        world.settle(goal);
        const HeldRib expected = goal == HoldGoal::Up     ? rib_of(chaos_up)
                                 : goal == HoldGoal::Down ? rib_of(chaos_down)
                                                          : HeldRib();
        REQUIRE_MESSAGE(world.rib() == expected, text_of(world.rib()));
        REQUIRE(world.state().finished() == (goal == HoldGoal::Ended));
        REQUIRE(world.state().exit_code() == ExitCode::Done);
    }
}

}  // namespace exapulse::client
