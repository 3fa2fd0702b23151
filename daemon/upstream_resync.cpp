// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue's way back into step: fences, settling, and the silence of a hung ExaBGP.
#include <array>
#include <utility>

#include <fmt/format.h>

#include "daemon/upstream_dialogue.hpp"

namespace exapulse {

namespace {

/// What brings the state that all users of the relay share to a known value: acks on, sync off,
/// no open group. The v6 spellings work in v4 too; `group end` answers `error` where none is open.
/// The version comes last and is for `status`.
constexpr std::array<std::string_view, 4> settling{"session ack enable", "session sync disable",
                                                   "group end", "system version"};

}  // namespace

/// Throws away all that comes before the echo of a fresh token. Commands in flight lose their
/// answers: which one they would get can't be told any more.
void UpstreamDialogue::resync(std::string_view why, TimePoint now) {
    listener_.on_remark(why);
    leave_ready(now, why);
    lose_commands(
        ErrorCode::OutcomeUnknown,
        fmt::format("it was written to ExaBGP, then its answers went out of step ({})", why));
    write_fence_anew(now);
}

/// What was asked before may have been swallowed; the newest token is the one that counts.
void UpstreamDialogue::write_fence_anew(TimePoint now) {
    in_flight_.clear();
    state_ = State::Resync;
    write_fence(now);
}

void UpstreamDialogue::write_fence(TimePoint now) {
    const std::string token = new_token_();
    write({Kind::Fence, now, 0, {}, {}, false, token, {}}, echo_command(token));
}

/// The echo came without its `error`: somebody had switched ExaBGP's acks off.
void UpstreamDialogue::switch_acks_on(TimePoint now) {
    listener_.on_remark("somebody had switched ExaBGP's acks off; switching them on");
    write_apart(settling.front(), now);
    resync("acks were off", now);
}

/// Reads a line against the fence at the head; true when the fence's own answer is complete.
bool UpstreamDialogue::fence_passed(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    InFlight& head = in_flight_.front();
    if (head.echoed_at) return is_terminator(reply);
    if (is_echo(line, head.token)) {
        head.echoed_at = now;
        dialect_ = dialect_of_echo(line);
    }
    return false;
}

/// The echo of the fence is here, so whatever was written before it has got all its answer.
void UpstreamDialogue::end_commands_before_fence() {
    while (in_flight_.front().kind != Kind::Fence) {
        const InFlight entry = std::move(in_flight_.front());
        in_flight_.pop_front();
        if (entry.kind != Kind::Command) continue;
        if (entry.command.shape == AnswerShape::Irregular) {
            listener_.on_answer_end(entry.command, entry.ended.value_or(true));
        } else {
            listener_.on_remark(fmt::format("no terminator came for: {:.80}", entry.command.line));
            listener_.on_answer_lost(entry.command, ErrorCode::OutcomeUnknown,
                                     "ExaBGP ended its answer without `done` or `error`, so "
                                     "whether it succeeded can't be told");
        }
    }
}

UpstreamDialogue::InFlight* UpstreamDialogue::fence() {
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [](const InFlight& e) { return e.kind == Kind::Fence; });
    return found == in_flight_.end() ? nullptr : &*found;
}

void UpstreamDialogue::go_silent(TimePoint now) {
    leave_ready(now, "it does not answer pings");
    state_ = State::Silent;
    in_flight_.clear();
    write_ping(now);
}

void UpstreamDialogue::leave_ready(TimePoint now, std::string_view why) {
    if (state_ == State::Ready) away_since_ = now;
    away_because_ = why;
}

void UpstreamDialogue::settle(TimePoint now) {
    if (settle_step_ == settling.size()) {
        state_ = State::Ready;
        listener_.on_ready(dialect_, version_);
        return;
    }
    state_ = State::Settling;
    write_apart(settling[settle_step_], now);
}

void UpstreamDialogue::settling_line(std::string_view line, const UpstreamReply& reply,
                                     TimePoint now) {
    const bool asked_version = settle_step_ + 1 == settling.size();
    if (asked_version)
        if (std::string version = version_in(line); !version.empty()) version_ = version;
    if (line.find("group processed") != line.npos)
        listener_.on_remark(
            fmt::format("an earlier client had left a group open; now closed: {}", line));
    if (!is_terminator(reply)) return;
    ++settle_step_;
    settle(now);
}

}  // namespace exapulse
