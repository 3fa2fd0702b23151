// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue's way back into step: fences, settling, and the silence of a hung ExaBGP.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/exabgp/command_line.hpp"
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"

namespace exapulse {

/// Throws away all that comes before the echo of a fresh token. Commands in flight lose their
/// answers: which one they would get can't be told any more.
void UpstreamDialogue::resync(std::string_view why, TimePoint now) {
    listener_.on_remark(why);
    leave_ready(now, why);
    out_of_step_since_ = now;
    // One that went silent had nothing left to answer but pings.
    if (state_ != State::Silent) quiet_ = quiet_after_loss;
    lose_commands(
        ErrorCode::OutcomeUnknown,
        fmt::format("it was written to ExaBGP, then its answers went out of step ({})", why));
    write_fence_anew(now);
}

/// What was asked before may have been swallowed; the newest token is the one that counts.
void UpstreamDialogue::write_fence_anew(TimePoint now) {
    in_flight_.clear();
    if (pipelining_ == Pipelining::Asked) pipelining_ = Pipelining::Unproven;
    alone_ = false;
    misread_ = false;
    state_ = State::Resync;
    write_fence(now);
}

void UpstreamDialogue::write_fence(TimePoint now) {
    const std::string token = new_token_();
    write({.kind = Kind::Fence, .written_at = now, .token = token}, probe_command(token));
}

/// The fence was answered without a terminator: somebody had switched ExaBGP's acks off.
void UpstreamDialogue::switch_acks_on(TimePoint now) {
    if (rules().acks_on.empty()) {
        away_because_ =
            "its acks are off, and it could only be guessed where an answer ends; "
            "start it with exabgp.api.ack=true, the default";
        listener_.on_unusable(away_because_);
        in_flight_.clear();  // the next ping asks again
        return;
    }
    listener_.on_remark("somebody had switched ExaBGP's acks off; switching them on");
    write_apart(rules().acks_on, now);
    resync("acks were off", now);
}

void UpstreamDialogue::resync_line(std::string_view line, const UpstreamReply& reply,
                                   TimePoint now) {
    if (in_flight_.empty() || !fence_passed(line, reply, now)) return;
    in_flight_.clear();
    if (!rules().in_order && !alone_) {
        state_ = State::Quiet;
        witnessed_at_ = now;
        settle_step_ = 0;
        return;
    }
    settle_step_ = 0;
    settle(now);
}

/// Reads a line against the fence at the head; true when the fence's own answer is complete.
bool UpstreamDialogue::fence_passed(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    Entry& head = in_flight_.front();
    if (head.echoed_at) return is_terminator(reply);
    if (const auto dialect = dialect_of_probe(line, head.token)) {
        head.echoed_at = now;
        note_sign_of_life(now);
        dialect_ = *dialect;
        if (std::string version = version_in(line); !version.empty()) version_ = version;
        return false;
    }
    alone_ = false;
    // What an earlier client left is an `error`, too; then the fence's answer is on its way.
    misread_ = std::holds_alternative<reply::Error>(reply);
    return false;
}

/// What the line says as the answer to a ping.
std::optional<reply::Pong> UpstreamDialogue::pong_in(std::string_view line,
                                                     const UpstreamReply& reply) const {
    if (const auto* pong = std::get_if<reply::Pong>(&reply)) return *pong;
    if (rules().sign == InstanceSign::Uuid || version_in(line).empty()) return std::nullopt;
    return reply::Pong{};
}

/// Where answers are not in order: reads a line against the fence that overtakes a quiet command.
/// Its two lines come together, perhaps in the middle of the command's answer.
bool UpstreamDialogue::overtaking_line(std::string_view line, const UpstreamReply& reply,
                                       TimePoint now) {
    Entry* probe = fence();
    if (probe == nullptr) return false;
    if (!probe->echoed_at) {
        if (dialect_of_probe(line, probe->token) != dialect_) return false;
        probe->echoed_at = now;
        note_sign_of_life(now);
        return true;
    }
    if (!is_terminator(reply)) return false;
    fence_overtook(now);
    return true;
}

/// ExaBGP lives; a command that is still there has no answer yet.
void UpstreamDialogue::fence_overtook(TimePoint now) {
    in_flight_.erase(Kind::Fence);
    if (in_flight_.empty()) return;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command) return;
    if (head.command.shape == AnswerShape::Terminated) {
        if (now - quiet_since(head) >= long_pause) listener_.on_answer_missing(head.command);
        return;
    }
    put_head_behind(now);
    const Command command = std::move(in_flight_.front().command);
    in_flight_.pop_front();
    end(command, true);
}

void UpstreamDialogue::write_witness(TimePoint now) {
    write({.kind = Kind::Witness, .written_at = now}, rules().witness);
}

/// Reads a line against the witness. ExaBGP answers it after the command before it; when its answer
/// begins and that command has none, or no end of it, there will be none.
bool UpstreamDialogue::witness_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    Entry* witness = in_flight_.first(Kind::Witness);
    if (witness == nullptr) return false;
    if (witness->begun) {
        if (is_terminator(reply)) in_flight_.erase(Kind::Witness);
        return true;
    }
    if (line != rules().witness_answer) return false;
    const Entry& head = in_flight_.front();
    const bool before_it = head.kind == Kind::Command;
    if (before_it && !head.begun && asks_for_summary(rules(), *head.command.request)) return false;
    witness->begun = true;
    note_sign_of_life(now);
    if (before_it) head_failed(now);
    return true;
}

/// The command at the head held the channel for nothing: others come first for a while.
void UpstreamDialogue::put_head_behind(TimePoint now) {
    const Entry& head = in_flight_.front();
    queue_.put_behind(head.command, elapsed(head.written_at, now), now);
}

/// The command at the head has died in ExaBGP without an end of its answer.
void UpstreamDialogue::head_failed(TimePoint now) {
    put_head_behind(now);
    const Command command = std::move(in_flight_.front().command);
    const bool begun = in_flight_.front().begun;
    const bool uncertain = is_uncertain(in_flight_.front());
    in_flight_.pop_front();
    if (uncertain) {
        lose_contended(command);
        return;
    }
    if (listener_.shares_answers()) {
        lose(command, ErrorCode::OutcomeUnknown,
             "ExaBGP is done with it, but another program reads its answers "
             "and may have taken this one; check before you repeat it");
        return;
    }
    lose(command, ErrorCode::ExabgpFailed,
         fmt::format("ExaBGP {} failed while it parsed or executed this line and {}; check its "
                     "values, ExaBGP's log has the reason",
                     version_, begun ? "did not finish its answer" : "sent no answer"));
}

void UpstreamDialogue::go_silent(TimePoint now) {
    leave_ready(now, "it does not answer pings");
    state_ = State::Silent;
    ping_due_ = false;
    if (commands_in_flight() > 0) quiet_ = quiet_after_loss;
    lose_commands(ErrorCode::OutcomeUnknown, "ExaBGP does not answer pings");
    in_flight_.clear();
    write_ping(now);
}

void UpstreamDialogue::leave_ready(TimePoint now, std::string_view why) {
    if (state_ == State::Ready) away_since_ = now;
    away_because_ = why;
}

void UpstreamDialogue::settle(TimePoint now) {
    if (settle_step_ == rules().settling.size()) {
        const bool matters = settings_.confirm || settings_.in_flight > 1;
        if (rules().in_order && matters && pipelining_ == Pipelining::Unproven) {
            prove_pipelining(now);
            return;
        }
        state_ = State::Ready;
        quiet_ = quiet_when_fresh;
        listener_.on_ready(dialect_, version_);
        return;
    }
    state_ = State::Settling;
    write_apart(rules().settling[settle_step_], now);
}

void UpstreamDialogue::settling_line(std::string_view line, const UpstreamReply& reply,
                                     TimePoint now) {
    if (pipelining_ == Pipelining::Asked) {
        proof_line(line, reply, now);
        return;
    }
    const bool asked_version = settle_step_ + 1 == rules().settling.size();
    if (asked_version)
        if (std::string version = version_in(line); !version.empty()) version_ = version;
    if (line.find("group processed") != line.npos)
        listener_.on_remark(
            fmt::format("an earlier client had left a group open; now closed: {}", line));
    if (!is_terminator(reply)) return;
    note_sign_of_life(now);
    ++settle_step_;
    settle(now);
}

}  // namespace exapulse
