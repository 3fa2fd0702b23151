// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace exapulse {

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
      search_(parts_, now),
      away_since_(now) {}

void UpstreamDialogue::on_connected(TimePoint now) {
    assert(state_ == State::Closed);
    wire_.begin_anew(now);
    search_.on_connected();
    away_because_ = "it has not answered on the new connection yet";
    state_ = State::Searching;
    search_.begin(now);
    wire_.flush();
}

void UpstreamDialogue::on_closed(std::string_view why, std::uint64_t unsent, TimePoint now) {
    leave_ready(now, why);
    state_ = State::Closed;
    ping_due_ = false;
    const std::uint64_t left = in_flight_.written() - std::min(unsent, in_flight_.written());
    // A line of which not a byte left was never seen by ExaBGP: it may wait for the next
    // connection.
    for (Command& command : in_flight_.take_after(left)) queue_.put_back(std::move(command));
    if (commands_in_flight() > 0) search_.protocol().on_answers_lost();
    verdicts_.lose_all(
        ErrorCode::OutcomeUnknown,
        fmt::format("it was written to ExaBGP, then the connection was lost ({})", why));
    in_flight_.clear();
}

void UpstreamDialogue::on_bytes(std::size_t count, TimePoint now) {
    wire_.note_byte(now);
    search_.protocol().on_bytes(count, now);
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
        case State::Searching:
            follow(search_.on_line(line, reply, now), now);
            return;
        case State::Ready: {
            const Step step = search_.protocol().on_line(line, reply, now);
            const bool unasked = step.kind == Step::Kind::Unasked;
            const bool logged = std::exchange(last_was_unasked_, unasked);
            if (unasked && is_terminator(reply))
                resync("a terminator came that nobody waits for", now);
            else if (unasked && !logged)
                listener_.on_remark("lines came that nobody waits for; dropped");
            else
                follow(step, now);
            return;
        }
    }
}

void UpstreamDialogue::follow(const Step& step, TimePoint now) {
    switch (step.kind) {
        case Step::Kind::Same:
        case Step::Kind::Unasked:
        case Step::Kind::AskAgain:
            return;
        case Step::Kind::Lost:
            resync(step.why, now);
            return;
        case Step::Kind::Unusable:
            unusable(step.why);
            return;
        case Step::Kind::Found:
            state_ = State::Ready;
            listener_.on_ready(wire_.dialect(), wire_.version());
            return;
    }
}

void UpstreamDialogue::on_line_too_long(TimePoint now) {
    wire_.note_byte(now);
    if (state_ != State::Ready) return;
    constexpr std::string_view why =
        "it was executed, but a line of its answer is beyond limits.answer_line";
    if (search_.protocol().cut_answer(why)) return;
    verdicts_.lose_all(ErrorCode::OutcomeUnknown, why);
    resync("a line of an answer is beyond limits.answer_line", now);
    wire_.flush();
}

/// Throws away all that comes before the echo of a fresh token. Commands in flight lose their
/// answers: which is whose is not certain any more.
void UpstreamDialogue::resync(std::string_view why, TimePoint now) {
    listener_.on_remark(why);
    leave_ready(now, why);
    wire_.note_step_lost(now);
    // One that went silent had nothing left to answer but pings.
    if (state_ != State::Silent) search_.protocol().on_answers_lost();
    verdicts_.lose_all(
        ErrorCode::OutcomeUnknown,
        fmt::format("it was written to ExaBGP, then its answers went out of step ({})", why));
    state_ = State::Searching;
    search_.begin(now);
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

void UpstreamDialogue::go_silent(TimePoint now) {
    leave_ready(now, "it does not answer pings");
    state_ = State::Silent;
    ping_due_ = false;
    if (commands_in_flight() > 0) search_.protocol().on_answers_lost();
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
        case State::Searching:
            search_.on_ping_due(now);
            return;
        case State::Ready:
            break;
    }
    if (!stuck) search_.protocol().probe(now);
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
    AnswerProtocol& answers = search_.protocol();
    feed_.release_held();
    while (state_ == State::Ready && answers.has_room()) {
        if (!ping_due_) {
            if (!feed_.write_next(answers, now)) break;
        } else if (answers.is_idle()) {
            ping_due_ = false;
            write_ping(now);
        } else {
            break;  // its pong would wait, and say nothing about ExaBGP
        }
    }
    answers.end_writing(now);
    wire_.flush();
}

const Command* UpstreamDialogue::answered() const {
    if (state_ != State::Ready || in_flight_.empty()) return nullptr;
    const Entry& head = in_flight_.front();
    const bool arrives = head.kind == Kind::Command && head.begun && !head.ended && !head.judged;
    if (!arrives || head.command.peers || Verdicts::is_dropped(head.command)) return nullptr;
    return &head.command;
}

bool UpstreamDialogue::others_in_flight(SessionId owner) const {
    return std::any_of(in_flight_.begin(), in_flight_.end(), [owner](const Entry& entry) {
        return entry.kind == Kind::Command && !entry.judged && entry.command.owner != owner;
    });
}

void UpstreamDialogue::drop_answer(std::string_view why) {
    assert(answered() != nullptr);
    verdicts_.drop_rest(in_flight_.front(), why);
}

void UpstreamDialogue::on_reading_again(TimePoint now) {
    wire_.note_reading_again(now);
    search_.protocol().on_bytes(0, now);
}

void UpstreamDialogue::on_tick(TimePoint now) {
    act_on_due(now);
    wire_.flush();
}

void UpstreamDialogue::act_on_due(TimePoint now) {
    if (state_ != State::Ready) deadlines_.expire_waiting(away_since_, away_because_, now);
    const auto is_due = [now](const std::optional<TimePoint>& at) { return at && now >= *at; };
    if (is_due(wire_.acks_due()))
        switch_acks_on(now);
    else if (state_ == State::Searching)
        follow(search_.on_tick(now), now);
    else if (state_ == State::Ready && is_due(deadlines_.next()))
        follow(deadlines_.miss(now), now);
    else if (state_ == State::Ready)
        follow(search_.protocol().on_tick(now), now);
}

std::optional<TimePoint> UpstreamDialogue::next_deadline() const {
    std::optional<TimePoint> next = wire_.acks_due();
    const auto consider = [&](const std::optional<TimePoint>& at) {
        if (at && (!next || *at < *next)) next = at;
    };
    if (state_ != State::Ready) consider(deadlines_.next_expiry(away_since_));
    if (state_ == State::Searching) consider(search_.next_tick());
    if (state_ == State::Ready) {
        consider(search_.protocol().next_tick());
        consider(deadlines_.next());
    }
    return next;
}

void UpstreamDialogue::abandon_waiting(std::string_view why) {
    for (const Command& command : queue_.take_all())
        verdicts_.lose(command, ErrorCode::NotSent,
                       fmt::format("{}; nothing reached ExaBGP, it is safe to repeat", why));
}

void UpstreamDialogue::abandon_in_flight(std::string_view why) {
    verdicts_.lose_all(ErrorCode::OutcomeUnknown, why);
}

}  // namespace exapulse
