// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/exabgp/command_guard.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

/// An echo without its `error` means that acks are off. ExaBGP writes both in one turn of its
/// loop, so this long is plenty.
constexpr Milliseconds echo_grace = 250ms;

/// A fence or a settling step that brought nothing for this long by the next ping is repeated.
constexpr Milliseconds fence_patience = 500ms;

}  // namespace

UpstreamDialogue::UpstreamDialogue(CommandQueue& queue, Listener& listener,
                                   const Settings& settings, std::string ping_id,
                                   std::function<std::string()> new_token, TimePoint now)
    : queue_(queue),
      listener_(listener),
      settings_(settings),
      ping_id_(std::move(ping_id)),
      new_token_(std::move(new_token)),
      quiet_(quiet_when_fresh),
      last_byte_(now),
      answer_byte_(now),
      progress_(now),
      sign_of_life_at_(now),
      out_of_step_since_(now),
      last_written_(now),
      away_since_(now) {}

void UpstreamDialogue::on_connected(TimePoint now) {
    assert(state_ == State::Closed);
    in_flight_.begin_anew();
    pipelining_ = Pipelining::Unproven;
    held_bytes_ = 0;
    last_byte_ = now;
    out_of_step_since_ = now;
    away_because_ = "it has not answered on the new connection yet";
    write_fence_anew(now);
    flush();
}

void UpstreamDialogue::on_bytes(std::size_t count, TimePoint now) {
    last_byte_ = now;
    if (fence() == nullptr) answer_byte_ = now;
    // Where a fence overtakes an answer the bytes may be the fence's.
    if (rules().in_order || fence() == nullptr)
        if (progress_.add(count, now)) note_sign_of_life(now);
}

void UpstreamDialogue::note_sign_of_life(TimePoint now) {
    sign_of_life_ = true;
    sign_of_life_at_ = now;
}

void UpstreamDialogue::on_closed(std::string_view why, std::uint64_t unsent, TimePoint now) {
    leave_ready(now, why);
    state_ = State::Closed;
    ping_due_ = false;
    const std::uint64_t left = in_flight_.written() - std::min(unsent, in_flight_.written());
    // A line of which not a byte left was never seen by ExaBGP: it may wait for the next
    // connection.
    for (Command& command : in_flight_.take_behind(left)) queue_.put_back(std::move(command));
    if (commands_in_flight() > 0) quiet_ = quiet_after_loss;
    lose_commands(ErrorCode::OutcomeUnknown,
                  fmt::format("it was written to ExaBGP, then the connection was lost ({})", why));
    in_flight_.clear();
}

void UpstreamDialogue::on_line(std::string_view line, TimePoint now) {
    read_line(line, now);
    flush();
}

void UpstreamDialogue::read_line(std::string_view line, TimePoint now) {
    last_byte_ = now;
    const UpstreamReply reply = classify_reply(line);
    const auto* shutdown = std::get_if<reply::Shutdown>(&reply);
    if (shutdown != nullptr && state_ != State::Closed &&
        (state_ != State::Ready || !rules().in_order)) {
        leave_ready(now, "it has ended");
        state_ = State::Closed;
        listener_.on_shutdown(shutdown->pid);
        return;
    }
    switch (state_) {
        case State::Closed:
            return;
        case State::Silent:
            if (const auto pong = pong_in(line, reply)) listener_.on_pong(*pong, std::nullopt);
            // Every ping so far lies before this fence, so its echo ends the burst of late pongs.
            resync("ExaBGP is heard again after unanswered pings", now);
            return;
        case State::Resync:
            resync_line(line, reply, now);
            return;
        case State::Quiet:
            if (line == rules().witness_answer) witnessed_at_ = now;
            return;
        case State::Settling:
            settling_line(line, reply, now);
            return;
        case State::Ready:
            in_step_line(line, reply, now);
            return;
    }
}

void UpstreamDialogue::on_line_too_long(TimePoint now) {
    last_byte_ = now;
    if (state_ != State::Ready) return;
    constexpr std::string_view why =
        "it was carried out, but a line of its answer is beyond limits.answer_line";
    if (Entry* asker = in_flight_.awaiting(); asker != nullptr && asker->fenced) {
        asker->cut = why;
        return;
    }
    lose_commands(ErrorCode::OutcomeUnknown, why);
    resync("a line of an answer is beyond limits.answer_line", now);
    flush();
}

void UpstreamDialogue::in_step_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    if (in_flight_.empty()) {
        if (is_stray(reply, now)) return;
        if (is_terminator(reply))
            resync("a terminator came that nobody waits for", now);
        else if (!std::exchange(dropping_, true))
            listener_.on_remark("lines came that nobody waits for; dropped");
        return;
    }
    dropping_ = false;
    if (is_bracketed()) {
        bracket_line(line, reply, now);
        return;
    }
    if (!rules().in_order && (overtaking_line(line, reply, now) || witness_line(line, reply, now)))
        return;
    if (const Entry* probe = fence(); rules().in_order && probe != nullptr &&
                                      !is_terminator(reply) && dialect_of_probe(line, probe->token))
        end_commands_before_fence(now);
    switch (in_flight_.front().kind) {
        case Kind::Command:
            command_line(line, reply, now);
            break;
        case Kind::Ping:
            ping_line(line, reply, now);
            break;
        case Kind::Fence:
            if (fence_passed(line, reply, now)) in_flight_.pop_front();
            break;
        case Kind::Witness:
            if (!is_careful()) resync("something else came than the answer to a witness", now);
            break;
        case Kind::Sweep:
            break;  // bracketed
    }
}

void UpstreamDialogue::ping_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    Entry& head = in_flight_.front();
    if (const auto pong = pong_in(line, reply); pong && !head.ponged) {
        head.ponged = true;
        listener_.on_pong(
            *pong, std::chrono::duration_cast<std::chrono::microseconds>(now - head.written_at));
    } else if (std::holds_alternative<reply::BadPong>(reply) && !head.ponged) {
        head.ponged = true;
        listener_.on_unusable(
            "its pong names no UUID (1 to 64 letters, digits and hyphens), so a restart could not "
            "be told; is this ExaBGP?");
    } else if (head.ponged && std::holds_alternative<reply::Done>(reply)) {
        in_flight_.pop_front();
    } else if (!is_careful()) {
        // Also what a dialect switched by another channel looks like; the echo tells the new one.
        resync("the answer to a ping is not a pong", now);
    }
}

void UpstreamDialogue::ping(TimePoint now) {
    ping_or_fence(now);
    flush();
}

void UpstreamDialogue::ping_or_fence(TimePoint now) {
    // Whoever takes nothing more needs no further question.
    const bool stuck = listener_.unsent() > 0;
    switch (state_) {
        case State::Closed:
        case State::Quiet:
            return;
        case State::Silent:
            if (!stuck) write_ping(now);
            return;
        case State::Resync:
        case State::Settling:
            if (!stuck && now - std::max(progress_.last(), last_written_) >= fence_patience)
                write_fence_anew(now);
            return;
        case State::Ready:
            break;
    }
    // A ping would wait behind the command; where a probe overtakes it, that is the sign of life.
    if (!rules().in_order && !stuck && commands_in_flight() > 0 && fence() == nullptr &&
        !is_bracketed())
        write_fence(now);
    const auto is_ping = [](const Entry& entry) { return entry.kind == Kind::Ping; };
    // Nobody's command is at stake: what no client asked may end without an answer.
    const auto is_own = [](const Entry& entry) {
        return entry.kind != Kind::Command || entry.judged ||
               entry.command.owner == exapulsed_itself;
    };
    const bool asked = ping_due_ || std::any_of(in_flight_.begin(), in_flight_.end(), is_ping);
    if (!asked) {
        ping_due_ = true;
        pump(now);
    } else if (!in_flight_.empty() && std::all_of(in_flight_.begin(), in_flight_.end(), is_own)) {
        go_silent(now);
    }
}

void UpstreamDialogue::on_tick(TimePoint now) {
    act_on_due(now);
    flush();
}

void UpstreamDialogue::act_on_due(TimePoint now) {
    if (visited_at_ && now - *visited_at_ >= careful_for) visited_at_.reset();
    if (state_ != State::Ready) {
        for (const Command& command : queue_.take_expired(now, away_since_, settings_.hold))
            lose(
                command, ErrorCode::NotSent,
                fmt::format("ExaBGP is away for {} ({}); the command waited commands.hold ({}) and "
                            "was not written, it is safe to repeat",
                            describe_duration(elapsed(away_since_, now)), away_because_,
                            format_duration(settings_.hold)));
    }
    const bool noisy = now - out_of_step_since_ >= longest_noise;
    if (state_ == State::Quiet && noisy && !visited_at_ && !listener_.sees_visits()) {
        listener_.on_stray_answer();
        on_visit(true, now);
    }
    if (state_ == State::Quiet && (now - quiet_from() >= quiet_ || (noisy && is_careful()))) {
        if (is_careful()) {
            settle(now);
            return;
        }
        write_fence_anew(now);
        alone_ = true;
        return;
    }
    if (state_ == State::Quiet && noisy) {
        away_because_ =
            "lines keep coming that no client of exapulsed has asked for: another program writes "
            "into ExaBGP's pipes; stop it, and run its commands with exapulse run";
        listener_.on_unusable(away_because_);
    }
    if (in_flight_.empty()) return;
    Entry& head = in_flight_.front();
    if (const Entry* probe = fence();
        probe != nullptr && probe->echoed_at && now - *probe->echoed_at >= echo_grace) {
        switch_acks_on(now);
    } else if (const auto refused_at = refusal_due(); refused_at && *refused_at <= now) {
        refuse_pipelining(now);
    } else if (state_ == State::Resync && misread_ && now - head.written_at >= fence_patience) {
        write_fence_anew(now);
    } else if (state_ == State::Ready && is_bracketed()) {
        bracket_due(now);
    } else if (state_ != State::Ready || head.kind != Kind::Command) {
        return;
    } else if (const Entry* first = first_unjudged();
               first != nullptr && now >= deadline_of(*first)) {
        miss_deadline(now);
    } else if (const auto fence_at = probe_due(); fence_at && *fence_at <= now) {
        head.probed = true;
        write_fence(now);
    } else if (const auto witness_at = witness_due(); witness_at && *witness_at <= now) {
        head.witnessed = true;
        write_witness(now);
    }
}

std::optional<TimePoint> UpstreamDialogue::next_deadline() const {
    std::optional<TimePoint> next;
    const auto consider = [&](TimePoint at) {
        if (!next || at < *next) next = at;
    };
    if (state_ != State::Ready)
        if (const auto expiry = queue_.next_expiry(away_since_, settings_.hold)) consider(*expiry);
    if (state_ == State::Quiet) consider(quiet_from() + quiet_);
    if (visited_at_) consider(*visited_at_ + careful_for);
    if (in_flight_.empty()) return next;
    const Entry& head = in_flight_.front();
    if (const Entry* probe = fence(); probe != nullptr && probe->echoed_at)
        consider(*probe->echoed_at + echo_grace);
    if (state_ == State::Resync && misread_) consider(head.written_at + fence_patience);
    if (const Entry* first = first_unjudged();
        state_ == State::Ready && head.kind == Kind::Command && first != nullptr)
        consider(deadline_of(*first));
    if (const auto due = refusal_due()) consider(*due);
    if (const auto due = probe_due()) consider(*due);
    if (const auto due = witness_due()) consider(*due);
    if (const auto due = next_bracket_due()) consider(*due);
    return next;
}

/// When a fence is to be put behind a command whose answer is quiet. Once for each: where answers
/// are in order it ends the command, where they aren't it shows only that ExaBGP lives.
std::optional<TimePoint> UpstreamDialogue::probe_due() const {
    if (state_ != State::Ready || in_flight_.empty() || fence() != nullptr) return std::nullopt;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command || head.probed || head.bracket) return std::nullopt;
    const bool ends_it = rules().in_order || head.command.shape == AnswerShape::Irregular;
    return quiet_since(head) + (ends_it ? short_pause : long_pause);
}

/// When a witness is to be put behind a command whose answer is quiet.
std::optional<TimePoint> UpstreamDialogue::witness_due() const {
    if (state_ != State::Ready || in_flight_.empty() || rules().witness.empty())
        return std::nullopt;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command || head.witnessed || head.bracket ||
        head.command.shape == AnswerShape::Irregular)
        return std::nullopt;
    return quiet_since(head) + short_pause;
}

void UpstreamDialogue::miss_deadline(TimePoint now) {
    put_head_behind(now);
    const std::uint64_t from_head_on = in_flight_.written() - in_flight_.front().offset;
    const std::string deadline = format_duration(settings_.deadline);
    if (listener_.unsent() >= from_head_on && listener_.on_take_back(from_head_on)) {
        in_flight_.unwrite(from_head_on);
        lose_commands(
            ErrorCode::NotSent,
            fmt::format("ExaBGP took no byte of it for commands.deadline ({}); it is safe "
                        "to repeat",
                        deadline));
    } else {
        const std::string why = fmt::format(
            "it was written to ExaBGP, and no answer made progress for commands.deadline ({})",
            deadline);
        for (Entry& entry : in_flight_) {
            if (entry.kind != Kind::Command || entry.judged || now < deadline_of(entry)) continue;
            entry.judged = true;
            lose_entry(entry, ErrorCode::OutcomeUnknown, why);
        }
        if (first_unjudged() != nullptr) return;  // written later, may still be answered in time
    }
    resync("a command got no answer within commands.deadline", now);
}

void UpstreamDialogue::abandon_waiting(std::string_view why) {
    for (const Command& command : queue_.take_all())
        lose(command, ErrorCode::NotSent,
             fmt::format("{}; nothing reached ExaBGP, it is safe to repeat", why));
}

void UpstreamDialogue::abandon_in_flight(std::string_view why) {
    lose_commands(ErrorCode::OutcomeUnknown, why);
}

void UpstreamDialogue::end(const Command& command, bool done) {
    if (done) listener_.on_done(command);
    command.sink->on_verdict(command, Verdict::of_exabgp(done));
}

void UpstreamDialogue::lose(const Command& command, ErrorCode code, std::string_view why) {
    command.sink->on_verdict(command, Verdict::of_exapulsed(code, why));
}

void UpstreamDialogue::lose_commands(ErrorCode code, std::string_view why) {
    held_bytes_ = 0;
    for (const Entry& entry : in_flight_.take_commands())
        if (!entry.judged) lose_entry(entry, code, why);
}

/// An answer that has come is good enough, where it can't be another's.
void UpstreamDialogue::lose_entry(const Entry& entry, ErrorCode code, std::string_view why) {
    if (entry.ended && !entry.joined && !is_doubtful(entry))
        end(entry.command, *entry.ended);
    else if (code != ErrorCode::OutcomeUnknown)
        lose(entry.command, code, why);
    else
        lose(entry.command, code,
             fmt::format("{}; {}", why,
                         only_reads(rules(), *entry.command.request)
                             ? "it changes nothing, so it is safe to repeat"
                             : "look before you repeat it"));
}

void UpstreamDialogue::write(Entry entry, std::string_view line) {
    last_written_ = entry.written_at;
    in_flight_.push(std::move(entry), line.size() + 1);
    outbox_.append(line) += '\n';
}

void UpstreamDialogue::write_apart(std::string_view line, TimePoint now) {
    last_written_ = now;
    in_flight_.skip(line.size() + 1);
    outbox_.append(line) += '\n';
}

void UpstreamDialogue::flush() {
    if (outbox_.empty()) return;
    listener_.on_write(outbox_);
    outbox_.clear();
}

void UpstreamDialogue::write_ping(TimePoint now) {
    const std::string line = fmt::format(fmt::runtime(rules().ping), ping_id_);
    if (state_ == State::Ready) {
        write({.kind = Kind::Ping, .written_at = now}, line);
        return;
    }
    write_apart(line, now);  // Silent: nobody keeps its place
}

const InFlight::Entry* UpstreamDialogue::first_unjudged() const {
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), [](const Entry& entry) {
        return entry.kind == Kind::Command && !entry.judged;
    });
    return found == in_flight_.end() ? nullptr : &*found;
}

TimePoint UpstreamDialogue::deadline_of(const Entry& entry) const {
    // Another program's answers are no progress.
    if (entry.bracket) return std::max(entry.stepped_at, entry.written_at) + settings_.deadline;
    return std::max(progress_.last(), entry.written_at) + settings_.deadline;
}

bool UpstreamDialogue::waits_for_quiet(TimePoint now) const {
    return state_ == State::Quiet && now - sign_of_life_at_ <= quiet_ + long_pause;
}

TimePoint UpstreamDialogue::quiet_since(const Entry& entry) const {
    // In order, what comes while a fence is out is still the answer before it.
    return std::max(rules().in_order ? last_byte_ : answer_byte_, entry.written_at);
}

}  // namespace exapulse
