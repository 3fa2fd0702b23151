// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue's commands on their way: which are written together, and what their answers are.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"

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

bool is_names_question(const Command& command) {
    return command.peers && command.peers->depth == PictureDepth::Names;
}

}  // namespace

/// An echo that is still to come keeps nobody waiting: what is written after it is answered after
/// it. It does where only the echo ends the answer, and where the answer is needed before the next
/// command.
bool UpstreamDialogue::is_waited_for(const Entry& entry) {
    if (entry.kind == Kind::Fence) return entry.echoed_at.has_value();  // are acks on?
    if (entry.kind != Kind::Command) return true;
    return !entry.ended || entry.command.peers || entry.command.shape == AnswerShape::Irregular;
}

std::size_t UpstreamDialogue::waited_for() const {
    return static_cast<std::size_t>(
        std::count_if(in_flight_.begin(), in_flight_.end(), is_waited_for));
}

bool UpstreamDialogue::has_room() const {
    if (!rules().in_order || one_by_one()) return in_flight_.empty();
    const std::size_t most = together();
    if (most == 1 || !settings_.confirm) return waited_for() < most;
    std::size_t commands = 0;
    std::size_t windows = 0;
    for (const Entry& entry : in_flight_) {
        if (entry.kind == Kind::Command)
            ++commands;
        else if (entry.kind == Kind::Fence)
            ++windows;
        const bool blocks = entry.kind != Kind::Command || entry.alone;
        if (blocks && is_waited_for(entry)) return false;
    }
    return commands < most && windows < windows_at_once;
}

void UpstreamDialogue::pump(TimePoint now) {
    if (!asks_for_names()) queue_.release();
    fill(now);
    close_window(now);
    flush();
}

void UpstreamDialogue::fill(TimePoint now) {
    while (state_ == State::Ready && has_room()) {
        if (ping_due_) {
            if (waited_for() > 0) return;  // a pong that waits for others says nothing about ExaBGP
            ping_due_ = false;
            write_ping(now);
            continue;
        }
        auto command = queue_.pop(now);
        if (!command) return;
        if (window_ > 0 && !joins_window(*command)) {
            close_window(now);
            if (!has_room()) {
                queue_.put_back(std::move(*command));
                return;
            }
        }
        // A question about peers gets its line when it is admitted.
        const std::string harm =
            command->peers ? std::string()
                           : guard_against(rules(), *command->request, settings_.unguarded);
        if (!harm.empty()) {
            lose(*command, ErrorCode::Denied, harm);
            continue;
        }
        auto admission = listener_.on_admit(*command, rules(), now);
        if (admission.refused) {
            lose(*command, ErrorCode::Denied, admission.why);
        } else if (admission.question) {
            const SessionId owner = command->owner;
            queue_.put_back(std::move(*command));
            if (rules().in_order) queue_.hold(owner);  // the others need not wait for the answer
            if (!asks_for_names()) write_command(std::move(*admission.question), now);
        } else {
            write_command(std::move(*command), now);
        }
    }
}

bool UpstreamDialogue::asks_for_names() const {
    return std::any_of(in_flight_.begin(), in_flight_.end(), [](const Entry& entry) {
        return entry.kind == Kind::Command && is_names_question(entry.command);
    });
}

void UpstreamDialogue::write_command(Command command, TimePoint now) {
    if (!rules().in_order && write_carefully(command, now)) return;
    const auto request = command.request;
    const bool irregular = command.shape == AnswerShape::Irregular;
    const bool fenced =
        rules().in_order && (irregular || settings_.confirm || visited_at_.has_value());
    const bool joins = fenced && joins_window(command);
    const bool alone = !joins && !is_names_question(command);
    if (!joins) close_window(now);
    write({.kind = Kind::Command,
           .written_at = now,
           .command = std::move(command),
           .fenced = fenced,
           .alone = alone,
           .crossed = is_careful() && unswept_},
          request->text());
    if (!fenced || one_by_one()) return;  // then its fence follows its terminator, or its pause
    ++window_;
    window_bytes_ += request->text().size() + 1;
    const std::size_t most = std::max<std::size_t>(together() / windows_at_once, 1);
    if (!joins || window_ >= most) close_window(now);
}

/// Whether it may share a fence with those written a moment ago, or begin a window for others.
bool UpstreamDialogue::joins_window(const Command& command) const {
    const std::size_t most = settings_.in_flight_bytes / windows_at_once;
    return together() > 1 && settings_.confirm && !command.peers &&
           command.shape == AnswerShape::Terminated && is_brief(rules(), *command.request) &&
           (window_ == 0 || window_bytes_ + command.line().size() < most);
}

void UpstreamDialogue::close_window(TimePoint now) {
    if (window_ == 0) return;
    if (window_ > 1) in_flight_.join_last(window_);
    window_ = 0;
    window_bytes_ = 0;
    write_fence(now);
}

void UpstreamDialogue::command_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    Entry& head = in_flight_.front();
    answer_byte_ = last_byte_;
    progress_.step(last_byte_);
    note_sign_of_life(last_byte_);
    head.begun = true;
    if (head.fenced) {
        fenced_line(line, reply);
        const bool over = head.ended && head.command.shape == AnswerShape::Terminated;
        if (one_by_one() && over && !head.more_came) confirm_apart(now);
        return;
    }
    if (!is_terminator(reply)) {
        if (!head.judged) head.command.sink->on_answer_line(head.command, line);
        return;
    }
    const bool uncertain = is_uncertain(head);
    const Entry entry = in_flight_.pop_front();
    if (uncertain && !entry.judged)
        lose_contended(entry.command);
    else if (!entry.judged)
        end(entry.command, std::holds_alternative<reply::Done>(reply));
    if (one_by_one() && fence() != nullptr) confirm_apart(now);
}

/// Where two lines at once get one answer, the echo is asked for once the answer has come. One that
/// was asked for in a pause of the answer may come or not.
void UpstreamDialogue::confirm_apart(TimePoint now) {
    if (fence() != nullptr)
        resync("an answer came late, behind a question whether it would come", now);
    else
        write_fence(now);
}

/// The first command of a window is as sure of its lines as one that is alone, and gets them as
/// they come. Those of the others may yet turn out to be somebody else's.
void UpstreamDialogue::fenced_line(std::string_view line, const UpstreamReply& reply) {
    Entry* asker = in_flight_.awaiting();
    if (asker == nullptr)
        in_flight_.last_before_fence()->more_came = true;
    else if (is_terminator(reply))
        asker->ended = std::holds_alternative<reply::Done>(reply);
    else if (asker != &in_flight_.front())
        hold_line(*asker, line);
    else if (!asker->judged)
        asker->command.sink->on_answer_line(asker->command, line);
}

void UpstreamDialogue::hold_line(Entry& entry, std::string_view line) {
    if (held_bytes_ + line.size() > most_held) {
        entry.cut =
            "it was carried out, but its answer is too long for one of several commands "
            "sent together; set commands.in_flight to 1 to get such answers";
        return;
    }
    held_bytes_ += line.size();
    entry.held.emplace_back(line);
}

/// The echo of the fence is here, so whatever was written before it has got all its answer.
void UpstreamDialogue::end_commands_before_fence(TimePoint now) {
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
    to_prove_ = sound ? to_prove_ - std::min(to_prove_, commands) : one_by_one_for;
    const bool joined = in_flight_.front().kind == Kind::Command && in_flight_.front().joined;
    if (joined && !sound)
        listener_.on_remark(fmt::format(
            "{} answers than commands came for {} commands sent together; they go one by one for "
            "a while",
            ended < commands ? "fewer" : "more", commands));
    while (in_flight_.front().kind != Kind::Fence) {
        if (in_flight_.front().kind == Kind::Command && !in_flight_.front().ended && !joined)
            put_head_behind(now);
        const Entry entry = in_flight_.pop_front();
        for (const std::string& line : entry.held) held_bytes_ -= line.size();
        if (entry.kind != Kind::Command || entry.judged) continue;
        if (joined && !sound)
            lose(entry.command, ErrorCode::OutcomeUnknown,
                 fmt::format("{} commands were sent together and {} answers came from ExaBGP, so "
                             "which is whose can't be told; look before you repeat it",
                             commands, ended < commands ? "fewer" : "more"));
        else
            end_fenced(entry);
    }
}

void UpstreamDialogue::end_fenced(const Entry& entry) {
    const Command& command = entry.command;
    if (!entry.cut.empty()) {
        lose(command, ErrorCode::OutcomeUnknown,
             fmt::format("{}; look before you repeat it", entry.cut));
        return;
    }
    for (const std::string& line : entry.held) command.sink->on_answer_line(command, line);
    if (command.shape == AnswerShape::Irregular) {
        end(command, entry.ended.value_or(true));
    } else if (entry.ended && !entry.more_came) {
        end(command, *entry.ended);
    } else if (entry.ended) {
        listener_.on_remark(fmt::format("more than one answer came, and one was for nobody: {:.80}",
                                        command.line()));
        lose(command, ErrorCode::OutcomeUnknown,
             "more than one answer came from ExaBGP, and which of them is the command's can't be "
             "told; look before you repeat it");
    } else {
        listener_.on_remark(fmt::format("no terminator came for: {:.80}", command.line()));
        lose(command, ErrorCode::OutcomeUnknown,
             "ExaBGP ended its answer without `done` or `error`, so whether it succeeded can't be "
             "told; look before you repeat it");
    }
}

/// Two fences in one write.
void UpstreamDialogue::prove_pipelining(TimePoint now) {
    state_ = State::Settling;
    pipelining_ = Pipelining::Asked;
    write_fence(now);
    write_fence(now);
}

void UpstreamDialogue::proof_line(std::string_view line, const UpstreamReply& reply,
                                  TimePoint now) {
    if (!fence_passed(line, reply, now)) return;
    in_flight_.pop_front();
    first_proof_at_ = now;
    note_sign_of_life(now);
    if (!in_flight_.empty()) return;
    pipelining_ = Pipelining::Proven;
    settle(now);
}

std::optional<TimePoint> UpstreamDialogue::refusal_due() const {
    const bool second_due = pipelining_ == Pipelining::Asked &&
                            std::distance(in_flight_.begin(), in_flight_.end()) == 1 &&
                            !in_flight_.front().echoed_at;
    if (!second_due) return std::nullopt;
    return first_proof_at_ + proof_patience;
}

/// Its answer may be late instead of lost, so the step is found again before anything else.
void UpstreamDialogue::refuse_pipelining(TimePoint now) {
    listener_.on_remark(
        "ExaBGP answers only the first of two lines written at once (exabgp.api.multi_client?): "
        "commands go one by one, and an echo that confirms an answer takes a turn of its own");
    write_fence_anew(now);
    pipelining_ = Pipelining::Refused;
}

}  // namespace exapulse
