// SPDX-License-Identifier: BSD-3-Clause
// HeldState: a HoldState with its clock, and an exapulsed that answers as a test wants.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client/hold/hold_state.hpp"

namespace exapulse::client::held {

using namespace std::chrono_literals;
using HoldLines = std::vector<std::string>;

inline const std::string held_a = "peer * announce route 10.0.0.0/24 next-hop self";
inline const std::string held_b = "peer * announce route 10.0.1.0/24 next-hop self";
inline const std::string gone_a = "peer * withdraw route 10.0.0.0/24 next-hop self";
inline const std::string gone_b = "peer * withdraw route 10.0.1.0/24 next-hop self";
inline const std::string down_a = "peer * announce route 10.0.0.0/24 next-hop self med 1000";
inline const std::string gone_down_a = "peer * withdraw route 10.0.0.0/24 next-hop self med 1000";
inline const std::string lease_line = "sidecar lease 15s 5s";
inline const std::string ask_status = "sidecar status";
inline const std::string ask_routes = "sidecar routes";
inline const std::string renew_line = "sidecar renew";

inline const Verdict held_done{.source = Verdict::Source::Exabgp};
inline const Verdict held_refusal{ExitCode::ExabgpError, "ExaBGP said error",
                                  Verdict::Source::Exabgp};

inline Verdict held_error(ErrorCode code) {
    return {exit_code_of(code), std::string(name_of(code)), Verdict::Source::Exapulsed, code};
}

/// How exapulsed lists a route that a hold has left.
inline std::string left_route(const std::string& command, const std::string& name = "null",
                              const std::string& held = "false") {
    return R"({"number": 7, "withdrawn": false, "uid": 0, "name": )" + name + R"(, "held": )" +
           held + R"(, "command": ")" + command + R"("})";
}

/// A HoldState, its clock, and an exapulsed that answers as it is asked to.
struct HeldState {
    HoldState state;
    HoldState::Time now{};

    explicit HeldState(const HoldLines& down = {}, const HoldLines& up = {held_a, held_b})
        : state({.settings = {lease_line}, .ttl = 15s, .up = up, .down = down}) {}

    HoldLines sent() {
        HoldLines lines;
        while (const auto line = state.next(now)) lines.push_back(*line);
        return lines;
    }
    void answer(const Verdict& verdict = held_done) { state.answered(verdict, now); }
    void answer_status(const std::string& health = "up") {
        state.data(R"({"state": ")" + health + R"(", "dialect": "v6"})");
        answer();
    }
    /// To `sidecar routes`: nobody has left any.
    void answer_routes(const HoldLines& routes = {}) {
        for (const std::string& route : routes) state.data(route);
        answer();
    }
    /// Nothing of its own is to be withdrawn, and nothing of a hold before it is there.
    void expect_search() {
        CHECK(sent() == HoldLines{ask_routes});
        answer_routes();
    }
    void attach() {
        state.attached();
        CHECK(sent() == HoldLines{lease_line});
        answer();
    }
    /// Announces or withdraws `lines`, whatever they are, and expects them in this order.
    void expect_work(const HoldLines& lines) {
        CHECK(sent() == HoldLines{ask_status});
        answer_status();
        expect_lines(lines);
    }
    void expect_lines(const HoldLines& lines) {
        CHECK(sent() == lines);
        for (std::size_t i = 0; i < lines.size(); ++i) answer();
    }
    /// Attached, with both routes announced.
    void hold() {
        state.set_goal(HoldGoal::Up);
        attach();
        expect_work({held_a, held_b});
        CHECK(told() == HoldLines{"up 2"});
    }
    HoldLines told() {
        HoldLines texts;
        for (const HoldNotice& notice : state.take_notices()) {
            const std::string goal = notice.goal == HoldGoal::Up     ? "up "
                                     : notice.goal == HoldGoal::Down ? "down "
                                                                     : "ended ";
            texts.push_back(notice.kind == HoldNotice::Kind::Trouble
                                ? notice.text
                                : goal + std::to_string(notice.routes) +
                                      (notice.again ? " again" : ""));
        }
        return texts;
    }
};

}  // namespace exapulse::client::held
