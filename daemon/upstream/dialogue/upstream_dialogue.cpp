// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

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
                                   const Contention& contention, const Settings& settings,
                                   std::string ping_id, std::function<std::string()> new_token,
                                   TimePoint now)
    : queue_(queue),
      listener_(listener),
      settings_(settings),
      ping_id_(std::move(ping_id)),
      wire_(listener, contention, std::move(new_token), now),
      verdicts_(listener, wire_),
      ordered_({queue, listener, settings_, wire_, verdicts_}),
      quiet_({queue, listener, settings_, wire_, verdicts_}, now),
      away_since_(now) {}

void UpstreamDialogue::on_connected(TimePoint now) {
    assert(state_ == State::Closed);
    wire_.begin_anew(now);
    ordered_.on_connected();
    away_because_ = "it has not answered on the new connection yet";
    start_over(now);
    wire_.flush();
}

void UpstreamDialogue::on_closed(std::string_view why, std::uint64_t unsent, TimePoint now) {
    leave_ready(now, why);
    state_ = State::Closed;
    ping_due_ = false;
    const std::uint64_t left = in_flight_.written() - std::min(unsent, in_flight_.written());
    // A line of which not a byte left was never seen by ExaBGP: it may wait for the next
    // connection.
    for (Command& command : in_flight_.take_behind(left)) queue_.put_back(std::move(command));
    if (commands_in_flight() > 0) protocol().on_answers_lost();
    verdicts_.lose_all(
        ErrorCode::OutcomeUnknown,
        fmt::format("it was written to ExaBGP, then the connection was lost ({})", why));
    in_flight_.clear();
}

void UpstreamDialogue::on_bytes(std::size_t count, TimePoint now) {
    wire_.note_byte(now);
    protocol().on_bytes(count, now);
}

void UpstreamDialogue::on_line(std::string_view line, TimePoint now) {
    read_line(line, now);
    wire_.flush();
}

void UpstreamDialogue::read_line(std::string_view line, TimePoint now) {
    wire_.note_byte(now);
    const UpstreamReply reply = classify_reply(line);
    const auto* shutdown = std::get_if<reply::Shutdown>(&reply);
    // Where answers are in order, such a line in step is part of one.
    const bool may_be_answer = state_ == State::Ready && wire_.rules().in_order;
    if (shutdown != nullptr && state_ != State::Closed && !may_be_answer) {
        leave_ready(now, "it has ended");
        state_ = State::Closed;
        listener_.on_shutdown(shutdown->pid);
        return;
    }
    switch (state_) {
        case State::Closed:
            return;
        case State::Silent:
            if (const auto pong = wire_.pong_in(line, reply))
                listener_.on_pong(*pong, std::nullopt);
            // Every ping so far lies before this fence, so its echo ends the burst of late pongs.
            resync("ExaBGP is heard again after unanswered pings", now);
            return;
        case State::Resync: {
            if (in_flight_.empty() || !wire_.fence_passed(line, reply, now)) return;
            const bool alone = in_flight_.front().came_before == InFlight::BeforeEcho::Nothing;
            in_flight_.clear();
            settling_step_ = 0;
            state_ = State::Verifying;
            follow(protocol().on_echo(alone, now), now);
            return;
        }
        case State::Settling:
            settling_line(line, reply, now);
            return;
        case State::Verifying:
        case State::Ready: {
            const Step step = protocol().on_line(line, reply, now);
            if (step.kind == Step::Kind::Unasked && is_terminator(reply))
                resync("a terminator came that nobody waits for", now);
            else if (step.kind == Step::Kind::Unasked && !std::exchange(last_was_unasked_, true))
                listener_.on_remark("lines came that nobody waits for; dropped");
            if (step.kind == Step::Kind::Unasked) return;
            last_was_unasked_ = false;
            follow(step, now);
            return;
        }
    }
}

void UpstreamDialogue::follow(const Step& step, TimePoint now) {
    switch (step.kind) {
        case Step::Kind::Same:
        case Step::Kind::Unasked:
            return;
        case Step::Kind::Lost:
            resync(step.why, now);
            return;
        case Step::Kind::Found:
            settle(now);
            return;
        case Step::Kind::AskAgain:
            ask_again(now);
            return;
        case Step::Kind::Noise:
            unusable(
                "lines keep coming that no client of exapulsed has asked for: another program "
                "writes into ExaBGP's pipes; stop it, and run its commands with exapulse run");
            return;
    }
}

void UpstreamDialogue::on_line_too_long(TimePoint now) {
    wire_.note_byte(now);
    if (state_ != State::Ready) return;
    constexpr std::string_view why =
        "it was carried out, but a line of its answer is beyond limits.answer_line";
    if (protocol().cut_answer(why)) return;
    verdicts_.lose_all(ErrorCode::OutcomeUnknown, why);
    resync("a line of an answer is beyond limits.answer_line", now);
    wire_.flush();
}

/// Throws away all that comes before the echo of a fresh token. Commands in flight lose their
/// answers: which one they would get can't be told any more.
void UpstreamDialogue::resync(std::string_view why, TimePoint now) {
    listener_.on_remark(why);
    leave_ready(now, why);
    wire_.note_step_lost(now);
    // One that went silent had nothing left to answer but pings.
    if (state_ != State::Silent) protocol().on_answers_lost();
    verdicts_.lose_all(
        ErrorCode::OutcomeUnknown,
        fmt::format("it was written to ExaBGP, then its answers went out of step ({})", why));
    start_over(now);
}

void UpstreamDialogue::start_over(TimePoint now) {
    ordered_.reset();
    quiet_.reset();
    ask_again(now);
}

/// What was asked before may have been swallowed; the newest token is the one that counts.
void UpstreamDialogue::ask_again(TimePoint now) {
    in_flight_.clear();
    state_ = State::Resync;
    wire_.write_fence(now);
}

/// The fence was answered without a terminator: somebody had switched ExaBGP's acks off.
void UpstreamDialogue::switch_acks_on(TimePoint now) {
    if (wire_.rules().acks_on.empty()) {
        unusable(
            "its acks are off, and it could only be guessed where an answer ends; "
            "start it with exabgp.api.ack=true, the default");
        in_flight_.clear();  // the next ping asks again
        return;
    }
    listener_.on_remark("somebody had switched ExaBGP's acks off; switching them on");
    wire_.write_apart(wire_.rules().acks_on, now);
    resync("acks were off", now);
}

void UpstreamDialogue::unusable(std::string_view why) {
    away_because_ = why;
    listener_.on_unusable(why);
}

void UpstreamDialogue::settle(TimePoint now) {
    const auto& lines = wire_.rules().settling;
    if (settling_step_ < lines.size()) {
        state_ = State::Settling;
        wire_.write_apart(lines[settling_step_], now);
        return;
    }
    state_ = State::Verifying;
    if (protocol().on_settled(now).kind != Step::Kind::Found) return;
    state_ = State::Ready;
    listener_.on_ready(wire_.dialect(), wire_.version());
}

void UpstreamDialogue::settling_line(std::string_view line, const UpstreamReply& reply,
                                     TimePoint now) {
    if (settling_step_ + 1 == wire_.rules().settling.size()) wire_.learn_version(line);
    if (line.find("group processed") != line.npos)
        listener_.on_remark(
            fmt::format("an earlier client had left a group open; now closed: {}", line));
    if (!is_terminator(reply)) return;
    wire_.note_sign_of_life(now);
    ++settling_step_;
    settle(now);
}

void UpstreamDialogue::go_silent(TimePoint now) {
    leave_ready(now, "it does not answer pings");
    state_ = State::Silent;
    ping_due_ = false;
    if (commands_in_flight() > 0) protocol().on_answers_lost();
    verdicts_.lose_all(ErrorCode::OutcomeUnknown, "ExaBGP does not answer pings");
    in_flight_.clear();
    write_ping(now);
}

void UpstreamDialogue::leave_ready(TimePoint now, std::string_view why) {
    if (state_ == State::Ready) away_since_ = now;
    away_because_ = why;
}

void UpstreamDialogue::ping(TimePoint now) {
    ping_or_fence(now);
    wire_.flush();
}

void UpstreamDialogue::ping_or_fence(TimePoint now) {
    // While it takes nothing more, another question is of no use.
    const bool stuck = listener_.unsent() > 0;
    switch (state_) {
        case State::Closed:
            return;
        case State::Silent:
            if (!stuck) write_ping(now);
            return;
        case State::Resync:
        case State::Verifying:
        case State::Settling:
            if (protocol().listens_for()) return;
            if (!stuck &&
                now - std::max(wire_.last_progress(), wire_.last_written()) >= fence_patience)
                start_over(now);
            return;
        case State::Ready:
            break;
    }
    if (!stuck) protocol().probe(now);
    // Nobody's command is at stake: what no client asked may end without an answer.
    const auto is_own = [](const Entry& entry) {
        return entry.kind != Kind::Command || entry.judged ||
               entry.command.owner == exapulsed_itself;
    };
    if (!ping_due_ && in_flight_.first(Kind::Ping) == nullptr) {
        ping_due_ = true;
        pump(now);
    } else if (!in_flight_.empty() && std::all_of(in_flight_.begin(), in_flight_.end(), is_own)) {
        go_silent(now);
    }
}

void UpstreamDialogue::write_ping(TimePoint now) {
    const std::string line = fmt::format(fmt::runtime(wire_.rules().ping), ping_id_);
    if (state_ == State::Ready)
        wire_.write({.kind = Kind::Ping, .written_at = now}, line);
    else
        wire_.write_apart(line, now);  // Silent: no answer is expected in order
}

void UpstreamDialogue::pump(TimePoint now) {
    if (!asks_for_names()) queue_.release();
    fill(now);
    protocol().end_writing(now);
    wire_.flush();
}

void UpstreamDialogue::fill(TimePoint now) {
    AnswerProtocol& answers = protocol();
    const DialectRules& rules = wire_.rules();
    while (state_ == State::Ready && answers.has_room()) {
        if (ping_due_) {
            if (!answers.is_idle()) return;  // its pong would wait, and say nothing about ExaBGP
            ping_due_ = false;
            write_ping(now);
            continue;
        }
        auto command = queue_.pop(now);
        if (!command) return;
        if (!answers.has_room_for(*command, now)) {
            queue_.put_back(std::move(*command));
            return;
        }
        // A question about peers gets its line when it is admitted.
        const std::string harm = command->peers
                                     ? std::string()
                                     : guard_against(rules, *command->request, settings_.unguarded);
        if (!harm.empty()) {
            verdicts_.lose(*command, ErrorCode::Denied, harm);
            continue;
        }
        auto admission = listener_.on_admit(*command, rules, now);
        if (admission.refused) {
            verdicts_.lose(*command, ErrorCode::Denied, admission.why);
        } else if (admission.question) {
            const SessionId owner = command->owner;
            queue_.put_back(std::move(*command));
            if (rules.in_order) queue_.hold(owner);  // the others need not wait for the answer
            if (!asks_for_names()) answers.write(std::move(*admission.question), now);
        } else {
            answers.write(std::move(*command), now);
        }
    }
}

bool UpstreamDialogue::asks_for_names() const {
    return std::any_of(in_flight_.begin(), in_flight_.end(), [](const Entry& entry) {
        return entry.kind == Kind::Command && entry.command.asks_for_names();
    });
}

void UpstreamDialogue::on_tick(TimePoint now) {
    act_on_due(now);
    wire_.flush();
}

void UpstreamDialogue::act_on_due(TimePoint now) {
    if (state_ != State::Ready) expire_waiting(now);
    const Entry* fence = wire_.fence();
    if (fence != nullptr && fence->echoed_at && now - *fence->echoed_at >= echo_grace) {
        switch_acks_on(now);
    } else if (state_ == State::Resync) {
        // What an earlier client left is an `error`, too; then the fence's answer is on its way.
        if (fence != nullptr && fence->came_before == InFlight::BeforeEcho::Error &&
            now - fence->written_at >= fence_patience)
            start_over(now);
    } else if (state_ == State::Ready || state_ == State::Verifying) {
        const Entry* first = first_unjudged();
        if (first != nullptr && in_flight_.front().kind == Kind::Command &&
            now >= wire_.deadline_of(*first, settings_.deadline))
            miss_deadline(now);
        else
            follow(protocol().on_tick(now), now);
    }
}

std::optional<TimePoint> UpstreamDialogue::next_deadline() const {
    std::optional<TimePoint> next;
    const auto consider = [&](const std::optional<TimePoint>& at) {
        if (at && (!next || *at < *next)) next = at;
    };
    if (state_ != State::Ready) consider(queue_.next_expiry(away_since_, settings_.hold));
    if (const Entry* fence = wire_.fence()) {
        if (fence->echoed_at) consider(*fence->echoed_at + echo_grace);
        if (state_ == State::Resync && fence->came_before == InFlight::BeforeEcho::Error)
            consider(fence->written_at + fence_patience);
    }
    if (state_ != State::Ready && state_ != State::Verifying) return next;
    consider(protocol().next_tick());
    const Entry* first = first_unjudged();
    if (first != nullptr && in_flight_.front().kind == Kind::Command)
        consider(wire_.deadline_of(*first, settings_.deadline));
    return next;
}

void UpstreamDialogue::expire_waiting(TimePoint now) {
    for (const Command& command : queue_.take_expired(now, away_since_, settings_.hold))
        verdicts_.lose(
            command, ErrorCode::NotSent,
            fmt::format("ExaBGP is away for {} ({}); the command waited commands.hold ({}) and "
                        "was not written, it is safe to repeat",
                        describe_duration(elapsed(away_since_, now)), away_because_,
                        format_duration(settings_.hold)));
}

const InFlight::Entry* UpstreamDialogue::first_unjudged() const {
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), [](const Entry& entry) {
        return entry.kind == Kind::Command && !entry.judged;
    });
    return found == in_flight_.end() ? nullptr : &*found;
}

void UpstreamDialogue::miss_deadline(TimePoint now) {
    const Entry& head = in_flight_.front();
    queue_.put_behind(head.command, elapsed(head.written_at, now), now);
    const std::uint64_t from_head_on = in_flight_.written() - head.offset;
    const std::string deadline = format_duration(settings_.deadline);
    if (listener_.unsent() >= from_head_on && listener_.on_take_back(from_head_on)) {
        in_flight_.unwrite(from_head_on);
        verdicts_.lose_all(
            ErrorCode::NotSent,
            fmt::format("ExaBGP took no byte of it for commands.deadline ({}); it is safe "
                        "to repeat",
                        deadline));
    } else {
        const std::string why = fmt::format(
            "it was written to ExaBGP, and no answer made progress for commands.deadline ({})",
            deadline);
        for (Entry& entry : in_flight_) {
            if (entry.kind != Kind::Command || entry.judged ||
                now < wire_.deadline_of(entry, settings_.deadline))
                continue;
            entry.judged = true;
            verdicts_.lose(entry, ErrorCode::OutcomeUnknown, why);
        }
        if (first_unjudged() != nullptr) return;  // written later, may still be answered in time
    }
    resync("a command got no answer within commands.deadline", now);
}

void UpstreamDialogue::abandon_waiting(std::string_view why) {
    for (const Command& command : queue_.take_all())
        verdicts_.lose(command, ErrorCode::NotSent,
                       fmt::format("{}; nothing reached ExaBGP, it is safe to repeat", why));
}

void UpstreamDialogue::abandon_in_flight(std::string_view why) {
    verdicts_.lose_all(ErrorCode::OutcomeUnknown, why);
}

bool UpstreamDialogue::waits_for_quiet(TimePoint now) const {
    const auto patience = protocol().listens_for();
    return state_ == State::Verifying && patience &&
           now - wire_.sign_of_life_at() <= *patience + long_pause;
}

}  // namespace exapulse
