// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/quiet_protocol.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

Step QuietProtocol::on_echo(bool alone, TimePoint now) {
    if (phase_ == Phase::Confirming && alone) {
        phase_ = Phase::InStep;
        return {Step::Kind::Found};
    }
    phase_ = Phase::Listening;
    witnessed_at_ = now;
    return {};
}

Step QuietProtocol::on_settled(TimePoint) {
    settle_time_ = quiet_when_fresh;
    return {Step::Kind::Found};
}

std::optional<Milliseconds> QuietProtocol::listens_for() const {
    if (phase_ != Phase::Listening) return std::nullopt;
    return settle_time_;
}

/// Beside another program only what was asked before counts, of which no answer may be taken for a
/// later one: those of witnesses.
TimePoint QuietProtocol::silent_since() const {
    return wire_.contended() ? witnessed_at_ : wire_.last_byte();
}

Step QuietProtocol::listen(TimePoint now) {
    const bool noisy = now - wire_.step_lost_at() >= longest_noise;
    if (noisy && !wire_.contended() && !parts_.listener.sees_visits()) {
        parts_.listener.on_stray_answer();
        wire_.on_visit(true);
    }
    const bool silent = now - silent_since() >= settle_time_;
    if (wire_.contended() && (silent || noisy)) {
        phase_ = Phase::InStep;
        return {Step::Kind::Found};
    }
    if (silent) {
        phase_ = Phase::Confirming;
        return {Step::Kind::AskAgain};
    }
    if (!noisy) return {};
    return {Step::Kind::Unusable,
            "lines keep coming that no client of exapulsed has asked for: another program writes "
            "into ExaBGP's pipes; stop it, and run its commands with exapulse run"};
}

void QuietProtocol::write(Command command, TimePoint now) {
    if (wire_.contended() && bracketed_.write(command, now)) return;
    const auto request = command.request;
    wire_.write({.kind = Kind::Command,
                 .written_at = now,
                 .command = std::move(command),
                 .crossed = wire_.contended() && !wire_.swept()},
                request->text());
}

/// A ping would wait until the command has ended; the fence overtakes it.
void QuietProtocol::probe(TimePoint now) {
    if (in_flight_.commands() > 0 && wire_.fence() == nullptr && !bracketed_.in_flight())
        wire_.write_fence(now);
}

void QuietProtocol::on_bytes(std::size_t count, TimePoint now) {
    if (wire_.fence() != nullptr) return;  // they may be the fence's
    answer_byte_ = now;
    wire_.note_progress(count, now);
}

Step QuietProtocol::on_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    if (phase_ == Phase::Listening) {
        if (line == wire_.rules().witness_answer) witnessed_at_ = now;
        return {};
    }
    if (in_flight_.empty()) return unasked_line(reply);
    if (bracketed_.in_flight()) return bracketed_.on_line(line, reply, now);
    if (overtaking_line(line, reply, now) || witness_line(line, reply, now)) return {};
    switch (in_flight_.front().kind) {
        case Kind::Command:
            command_line(line, reply);
            return {};
        case Kind::Ping:
            if (wire_.read_pong(line, reply, now) || wire_.contended()) return {};
            return {Step::Kind::Lost, "the answer to a ping is not a pong"};
        case Kind::Fence:
            if (wire_.fence_passed(line, reply, now)) in_flight_.pop_front();
            return {};
        case Kind::Witness:
            if (wire_.contended()) return {};
            return {Step::Kind::Lost, "something else came than the answer to a witness"};
        case Kind::Sweep:
            break;  // bracketed
    }
    return {};
}

Step QuietProtocol::unasked_line(const UpstreamReply& reply) {
    if (wire_.contended()) return {};
    if (parts_.listener.sees_visits() || !is_terminator(reply)) return {Step::Kind::Unasked};
    parts_.listener.on_stray_answer();
    wire_.on_visit(true);
    return {};
}

void QuietProtocol::command_line(std::string_view line, const UpstreamReply& reply) {
    Entry& head = in_flight_.front();
    answer_byte_ = wire_.last_byte();
    wire_.note_step(answer_byte_);
    head.begun = true;
    parts_.listener.on_line_matched(head.command);
    if (!is_terminator(reply)) {
        if (!head.judged) head.command.sink->on_answer_line(head.command, line);
        return;
    }
    const Entry entry = in_flight_.pop_front();
    if (entry.judged) return;
    if (parts_.verdicts.is_contended(entry))
        parts_.verdicts.lose_contended(entry.command);
    else
        parts_.verdicts.give(entry.command, std::holds_alternative<reply::Done>(reply));
}

/// Reads a line against the fence that overtakes a command whose answer pauses. The fence's two
/// lines come together, perhaps in the middle of the command's answer.
bool QuietProtocol::overtaking_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    Entry* fence = wire_.fence();
    if (fence == nullptr) return false;
    if (!fence->echoed_at) {
        if (dialect_of_probe(line, fence->token) != wire_.dialect()) return false;
        fence->echoed_at = now;
        wire_.note_sign_of_life(now);
        return true;
    }
    if (!is_terminator(reply)) return false;
    fence_overtook(now);
    return true;
}

/// ExaBGP lives; a command that is still there has no answer yet.
void QuietProtocol::fence_overtook(TimePoint now) {
    in_flight_.erase(Kind::Fence);
    if (in_flight_.empty()) return;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command) return;
    if (head.command.shape == AnswerShape::Terminated) {
        if (now - pause_began(head) >= long_pause) parts_.listener.on_answer_missing(head.command);
        return;
    }
    const Entry entry = in_flight_.pop_front();
    parts_.queue.penalise(entry.command, elapsed(entry.written_at, now), now);
    parts_.verdicts.give(entry.command, true);
}

/// Reads a line against the witness. ExaBGP answers it after the command before it; when its answer
/// begins and that command has none, or no end of it, there will be none.
bool QuietProtocol::witness_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    Entry* witness = in_flight_.first(Kind::Witness);
    if (witness == nullptr) return false;
    if (witness->begun) {
        if (is_terminator(reply)) in_flight_.erase(Kind::Witness);
        return true;
    }
    if (line != wire_.rules().witness_answer) return false;
    const Entry& head = in_flight_.front();
    const bool after_command = head.kind == Kind::Command;
    if (after_command && !head.begun && asks_for_summary(wire_.rules(), *head.command.request))
        return false;
    witness->begun = true;
    wire_.note_sign_of_life(now);
    if (after_command) {
        const Entry entry = in_flight_.pop_front();
        parts_.queue.penalise(entry.command, elapsed(entry.written_at, now), now);
        parts_.verdicts.fail(entry);
    }
    return true;
}

Step QuietProtocol::on_tick(TimePoint now) {
    if (phase_ == Phase::Listening) return listen(now);
    if (bracketed_.in_flight()) return bracketed_.on_tick(now);
    if (const auto due = fence_due(); due && now >= *due) {
        in_flight_.front().probed = true;
        wire_.write_fence(now);
    } else if (const auto witness_at = witness_due(); witness_at && now >= *witness_at) {
        in_flight_.front().witnessed = true;
        wire_.write({.kind = Kind::Witness, .written_at = now}, wire_.rules().witness);
    }
    return {};
}

std::optional<TimePoint> QuietProtocol::next_tick() const {
    if (phase_ == Phase::Listening) return silent_since() + settle_time_;
    if (bracketed_.in_flight()) return bracketed_.next_tick();
    const auto fence_at = fence_due();
    const auto witness_at = witness_due();
    if (!fence_at || !witness_at) return fence_at ? fence_at : witness_at;
    return std::min(*fence_at, *witness_at);
}

TimePoint QuietProtocol::pause_began(const Entry& head) const {
    return std::max(answer_byte_, head.written_at);
}

/// When a fence is to be written after a command whose answer pauses. Once for each: it shows that
/// ExaBGP lives, and ends an answer that has no terminator.
std::optional<TimePoint> QuietProtocol::fence_due() const {
    if (in_flight_.empty() || wire_.fence() != nullptr) return std::nullopt;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command || head.probed) return std::nullopt;
    const bool ends_it = head.command.shape == AnswerShape::Irregular;
    return pause_began(head) + (ends_it ? short_pause : long_pause);
}

std::optional<TimePoint> QuietProtocol::witness_due() const {
    if (in_flight_.empty() || wire_.rules().witness.empty()) return std::nullopt;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command || head.witnessed ||
        head.command.shape == AnswerShape::Irregular)
        return std::nullopt;
    return pause_began(head) + short_pause;
}

}  // namespace exapulse
