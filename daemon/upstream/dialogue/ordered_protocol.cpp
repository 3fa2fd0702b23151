// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/ordered_protocol.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

/// Windows written whose echo has not come: one is answered while the next is on its way.
constexpr std::size_t windows_at_once = 2;

/// Of another peer than the one that hangs: a `sync` answer waits for the peer's TCP.
constexpr std::string_view word_sync = "sync";

bool is_brief(const DialectRules& rules, const Request& request) {
    if (request.text().find(word_sync) != std::string_view::npos) return false;
    const std::string_view command = command_in(rules, request);
    return std::find(rules.brief.begin(), rules.brief.end(), command) != rules.brief.end();
}

/// An echo that is still to come keeps nobody waiting: what is written after it is answered after
/// it. It does where only the echo ends the answer, and where the answer is needed before the next
/// command.
bool is_waited_for(const InFlight::Entry& entry) {
    if (entry.kind == InFlight::Kind::Fence) return entry.echoed_at.has_value();  // are acks on?
    if (entry.kind != InFlight::Kind::Command) return true;
    return !entry.ended || entry.command.peers || entry.command.shape == AnswerShape::Irregular;
}

std::size_t waited_for(const InFlight& in_flight) {
    return static_cast<std::size_t>(
        std::count_if(in_flight.begin(), in_flight.end(), is_waited_for));
}

}  // namespace

void OrderedProtocol::on_connected() {
    pipelining_.on_connected();
    miscounted_ = false;
}

Step OrderedProtocol::on_echo(bool, TimePoint) {
    return {Step::Kind::Found};
}

Step OrderedProtocol::on_settled(TimePoint now) {
    const bool matters = parts_.settings.confirm || parts_.settings.in_flight > 1;
    if (!matters || !pipelining_.unknown()) return {Step::Kind::Found};
    pipelining_.ask(now);
    return {};
}

/// How many commands may be in flight now.
std::size_t OrderedProtocol::together() const {
    const bool trusted = !miscounted_ && to_prove_ == 0;
    return pipelining_.proven() && trusted ? parts_.settings.in_flight : 1;
}

bool OrderedProtocol::has_room() const {
    if (pipelining_.refuted()) return in_flight_.empty();
    const std::size_t most = together();
    if (most == 1 || !parts_.settings.confirm) return waited_for(in_flight_) < most;
    // What is alone is the last command while it is waited for, an echoed fence the first line.
    const Entry* last = in_flight_.last_command();
    const bool held_up = in_flight_.count(Kind::Ping) > 0 ||
                         (last != nullptr && last->alone && is_waited_for(*last)) ||
                         (!in_flight_.empty() && in_flight_.front().echoed_at);
    return !held_up && in_flight_.commands() < most &&
           in_flight_.count(Kind::Fence) < windows_at_once;
}

bool OrderedProtocol::has_room_for(const Command& command, TimePoint now) {
    if (window_ == 0 || joins_window(command)) return true;
    end_writing(now);
    return has_room();
}

bool OrderedProtocol::is_idle() const {
    return waited_for(in_flight_) == 0;
}

void OrderedProtocol::write(Command command, TimePoint now) {
    const auto request = command.request;
    const bool irregular = command.shape == AnswerShape::Irregular;
    const bool fenced = irregular || parts_.settings.confirm || wire_.contended();
    const bool joins = fenced && joins_window(command);
    const bool alone = !joins && !command.asks_for_names();
    if (!joins) end_writing(now);
    wire_.write({.kind = Kind::Command,
                 .written_at = now,
                 .command = std::move(command),
                 .fenced = fenced,
                 .alone = alone},
                request->text());
    if (!fenced || pipelining_.refuted())
        return;  // then its fence follows its terminator, or its pause
    ++window_;
    window_bytes_ += request->text().size() + 1;
    const std::size_t most = std::max<std::size_t>(together() / windows_at_once, 1);
    if (!joins || window_ >= most) end_writing(now);
}

/// Whether it may share a fence with those written a moment ago, or begin a window for others.
bool OrderedProtocol::joins_window(const Command& command) const {
    const std::size_t most = parts_.settings.in_flight_bytes / windows_at_once;
    return together() > 1 && parts_.settings.confirm && !command.peers &&
           command.shape == AnswerShape::Terminated && is_brief(wire_.rules(), *command.request) &&
           (window_ == 0 || window_bytes_ + command.line().size() < most);
}

void OrderedProtocol::end_writing(TimePoint now) {
    if (window_ == 0) return;
    if (window_ > 1) in_flight_.join_last(window_);
    window_ = 0;
    window_bytes_ = 0;
    wire_.write_fence(now);
}

void OrderedProtocol::on_bytes(std::size_t count, TimePoint now) {
    wire_.note_progress(count, now);
}

Step OrderedProtocol::on_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    if (pipelining_.asking()) return pipelining_.on_line(line, reply, now);
    if (in_flight_.empty()) {
        if (is_terminator(reply)) distrust();
        return {Step::Kind::Unasked};
    }
    if (!is_terminator(reply))
        if (const Entry* fence = wire_.fence();
            fence != nullptr && dialect_of_probe(line, fence->token))
            end_commands_before_fence(now);
    switch (in_flight_.front().kind) {
        case Kind::Command:
            return command_line(line, reply, now);
        case Kind::Ping:
            if (wire_.read_pong(line, reply, now)) return {};
            // Also what a dialect switched by another channel looks like; the echo tells the new
            // one.
            return {Step::Kind::Lost, "the answer to a ping is not a pong"};
        case Kind::Fence:
            if (wire_.fence_passed(line, reply, now)) in_flight_.pop_front();
            return {};
        case Kind::Witness:
        case Kind::Sweep:
            break;
    }
    return {Step::Kind::Lost, "the dialect has changed"};
}

Step OrderedProtocol::command_line(std::string_view line, const UpstreamReply& reply,
                                   TimePoint now) {
    Entry& head = in_flight_.front();
    wire_.note_step(wire_.last_byte());
    head.begun = true;
    if (head.fenced) {
        fenced_line(line, reply);
        const bool over = head.ended && head.command.shape == AnswerShape::Terminated;
        if (pipelining_.refuted() && over && !head.more_came) return confirm_apart(now);
        return {};
    }
    parts_.listener.on_line_matched(head.command);
    if (!is_terminator(reply)) {
        if (!head.judged) head.command.sink->on_answer_line(head.command, line);
        return {};
    }
    const Entry entry = in_flight_.pop_front();
    if (!entry.judged)
        parts_.verdicts.give(entry.command, std::holds_alternative<reply::Done>(reply));
    if (pipelining_.refuted() && wire_.fence() != nullptr) return confirm_apart(now);
    return {};
}

/// Where two lines at once get one answer, the echo is asked for once the answer has come. One that
/// was asked for in a pause of the answer may come or not.
Step OrderedProtocol::confirm_apart(TimePoint now) {
    if (wire_.fence() != nullptr)
        return {Step::Kind::Lost, "an answer came late, after a question whether it would come"};
    wire_.write_fence(now);
    return {};
}

/// The first command of a window is as sure of its lines as one that is alone, and gets them as
/// they come. Those of the others may yet turn out to be somebody else's.
void OrderedProtocol::fenced_line(std::string_view line, const UpstreamReply& reply) {
    Entry* asker = in_flight_.awaiting();
    if (asker != nullptr) parts_.listener.on_line_matched(asker->command);
    if (asker == nullptr) {
        in_flight_.last_before_fence()->more_came = true;
    } else if (is_terminator(reply)) {
        asker->ended = std::holds_alternative<reply::Done>(reply);
    } else if (asker != &in_flight_.front()) {
        if (!in_flight_.hold_line(*asker, line))
            asker->cut =
                "it was executed, but its answer is too long for one of several commands "
                "sent together; set commands.in_flight to 1 to get such answers";
    } else if (!asker->judged) {
        asker->command.sink->on_answer_line(asker->command, line);
    }
}

bool OrderedProtocol::cut_answer(std::string_view why) {
    Entry* asker = in_flight_.awaiting();
    if (asker == nullptr || !asker->fenced) return false;
    asker->cut = why;
    return true;
}

/// The echo of the fence is here, so whatever was written before it has got all its answer.
void OrderedProtocol::end_commands_before_fence(TimePoint now) {
    std::size_t commands = 0;
    std::size_t ended = 0;
    bool sound = true;
    for (const Entry& entry : in_flight_) {
        if (entry.kind == Kind::Fence) break;
        if (entry.kind != Kind::Command) continue;
        ++commands;
        if (entry.ended) ++ended;
        const bool regular = entry.command.shape == AnswerShape::Terminated;
        if (regular && (!entry.ended || entry.more_came)) sound = false;
    }
    if (sound)
        to_prove_ -= std::min(to_prove_, commands);
    else
        distrust();
    const bool joined = in_flight_.front().kind == Kind::Command && in_flight_.front().joined;
    const std::string_view differs = ended < commands ? "fewer" : "more";
    if (joined && !sound)
        parts_.listener.on_remark(fmt::format(
            "{} answers than commands came for {} commands sent together; until the next "
            "connection they go one by one",
            differs, commands));
    while (in_flight_.front().kind != Kind::Fence) {
        const Entry entry = in_flight_.pop_front();
        if (entry.kind != Kind::Command) continue;
        if (!entry.ended && !joined) penalise(entry, now);
        if (entry.judged) continue;
        if (joined && !sound)
            parts_.verdicts.lose(
                entry.command, ErrorCode::OutcomeUnknown,
                fmt::format(
                    "{} commands were sent together and {} answers came from ExaBGP, so "
                    "which is whose can't be told; check ExaBGP's state before you repeat it",
                    commands, differs));
        else
            end_fenced(entry);
    }
}

void OrderedProtocol::end_fenced(const Entry& entry) {
    const Command& command = entry.command;
    if (!entry.cut.empty()) {
        parts_.verdicts.lose(
            command, ErrorCode::OutcomeUnknown,
            fmt::format("{}; check ExaBGP's state before you repeat it", entry.cut));
        return;
    }
    for (const std::string& line : entry.held) command.sink->on_answer_line(command, line);
    if (command.shape == AnswerShape::Irregular) {
        parts_.verdicts.give(command, entry.ended.value_or(true));
    } else if (entry.ended && !entry.more_came) {
        parts_.verdicts.give(command, *entry.ended);
    } else if (entry.ended) {
        parts_.listener.on_remark(fmt::format(
            "more than one answer came, and one was for nobody: {:.80}", command.line()));
        parts_.verdicts.lose(
            command, ErrorCode::OutcomeUnknown,
            "more than one answer came from ExaBGP, and which of them is the command's can't be "
            "told; check ExaBGP's state before you repeat it");
    } else {
        parts_.listener.on_remark(fmt::format("no terminator came for: {:.80}", command.line()));
        parts_.verdicts.lose(
            command, ErrorCode::OutcomeUnknown,
            "ExaBGP ended its answer without `done` or `error`, so whether it succeeded can't be "
            "told; check ExaBGP's state before you repeat it");
    }
}

void OrderedProtocol::distrust() {
    miscounted_ = true;
    to_prove_ = one_by_one_for;
}

/// The command held the channel for nothing: others come first for a while.
void OrderedProtocol::penalise(const Entry& entry, TimePoint now) {
    parts_.queue.penalise(entry.command, elapsed(entry.written_at, now), now);
}

Step OrderedProtocol::on_tick(TimePoint now) {
    if (pipelining_.asking()) return pipelining_.on_tick(now);
    if (const auto due = fence_due(); due && now >= *due) {
        in_flight_.front().probed = true;
        wire_.write_fence(now);
    }
    return {};
}

std::optional<TimePoint> OrderedProtocol::next_tick() const {
    return pipelining_.asking() ? pipelining_.next_tick() : fence_due();
}

/// When a fence is to be written after a command whose answer pauses. Once for each: it ends the
/// command.
std::optional<TimePoint> OrderedProtocol::fence_due() const {
    if (in_flight_.empty() || wire_.fence() != nullptr) return std::nullopt;
    const Entry& head = in_flight_.front();
    if (head.kind != Kind::Command || head.probed) return std::nullopt;
    return std::max(wire_.last_byte(), head.written_at) + short_pause;
}

}  // namespace exapulse
