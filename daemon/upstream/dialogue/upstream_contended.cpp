// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue beside another program that writes into ExaBGP's pipes.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"

namespace exapulse {

namespace {

/// What can't be bracketed is written once nobody has written since the last sweep; after so many
/// it is written all the same, and its outcome is unknown.
constexpr int most_sweeps = 3;
/// One that only reads is asked again, as nobody has been told its answer yet.
constexpr int most_repeats = 5;

}  // namespace

void UpstreamDialogue::on_visit(bool wrote, TimePoint now) {
    in_flight_.cross();
    if (!wrote) return;
    unswept_ = true;
    visited_at_ = now;
}

/// Whether a terminator that comes now may be another program's.
bool UpstreamDialogue::is_uncertain(const Entry& entry) const {
    if (rules().in_order) return false;
    return entry.crossed || (is_careful() && !listener_.sees_visits());
}

/// Nothing is in flight: whether a line is an answer to another program.
bool UpstreamDialogue::is_stray(const UpstreamReply& reply, TimePoint now) {
    if (is_careful()) return true;
    if (rules().in_order || listener_.sees_visits() || !is_terminator(reply)) return false;
    listener_.on_stray_answer();
    on_visit(true, now);
    return true;
}

bool UpstreamDialogue::is_bracketed() const {
    return !in_flight_.empty() && in_flight_.front().bracket.has_value();
}

/// False: `command` is to be written alone, as ever. Else it has been written in brackets, or waits
/// for a sweep.
bool UpstreamDialogue::write_carefully(Command& command, TimePoint now) {
    if (!is_careful()) return false;
    if (command.shape == AnswerShape::Terminated && takes_turn(rules(), *command.request)) {
        BracketedAnswer bracket(rules(), command.request, settings_.answer);
        if (bracket.text().size() < BracketedAnswer::longest_text) {
            write_bracket(Kind::Command, std::move(command), std::move(bracket), now);
            return true;
        }
    }
    if (unswept_ && sweeps_ < most_sweeps) {
        ++sweeps_;
        queue_.put_back(std::move(command));
        write_bracket(Kind::Sweep, {}, BracketedAnswer(rules(), nullptr, settings_.answer), now);
        return true;
    }
    sweeps_ = 0;
    return false;
}

void UpstreamDialogue::write_bracket(Kind kind, Command command, BracketedAnswer bracket,
                                     TimePoint now) {
    const std::string text = bracket.text();
    write({.kind = kind,
           .written_at = now,
           .command = std::move(command),
           .bracket = std::move(bracket),
           .swept = !unswept_},
          text);
}

void UpstreamDialogue::bracket_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now) {
    Entry& head = in_flight_.front();
    const auto progress = head.bracket->add(line, reply);
    if (progress == BracketedAnswer::Progress::None) return;
    head.stepped_at = now;
    answer_byte_ = now;
    progress_.step(now);
    note_sign_of_life(now);
    if (progress == BracketedAnswer::Progress::Complete) bracket_complete(now);
}

void UpstreamDialogue::bracket_complete(TimePoint now) {
    using Outcome = BracketedAnswer::Outcome;
    const Entry& head = in_flight_.front();
    const bool lost_some = head.witnessed;
    const bool alone = !head.crossed && head.swept && !lost_some && listener_.sees_visits();
    if (!head.crossed) unswept_ = false;
    if (head.kind == Kind::Sweep) {
        in_flight_.pop_front();
    } else if (const Outcome outcome = head.bracket->outcome(alone); outcome == Outcome::None) {
        head_failed(now);
    } else {
        Entry entry = in_flight_.pop_front();
        const bool again = outcome == Outcome::Unclear && !lost_some && !entry.command.peers &&
                           only_reads(rules(), *entry.command.request) && repeats_ < most_repeats;
        repeats_ = again ? repeats_ + 1 : 0;
        if (again) {
            queue_.put_back(std::move(entry.command));
        } else if (outcome == Outcome::Unclear) {
            lose_contended(entry.command);
        } else {
            for (const std::string& line : entry.bracket->lines())
                entry.command.sink->on_answer_line(entry.command, line);
            end(entry.command, outcome == Outcome::Done);
        }
    }
    // The closing part was written twice, and its answer may still come.
    if (lost_some) resync("answers were lost while another program writes into the pipe", now);
}

/// Some of its answer may have gone to another reader: the closing part is written once more.
void UpstreamDialogue::bracket_due(TimePoint now) {
    Entry& head = in_flight_.front();
    if (now >= deadline_of(head)) {
        if (head.kind == Kind::Command)
            miss_deadline(now);
        else
            resync("nothing more was answered while another program writes into the pipe", now);
    } else if (const auto due = next_bracket_due(); due && now >= *due) {
        head.witnessed = true;
        write_apart(head.bracket->closing(), now);
    }
}

std::optional<TimePoint> UpstreamDialogue::next_bracket_due() const {
    if (state_ != State::Ready || !is_bracketed()) return std::nullopt;
    const Entry& head = in_flight_.front();
    const TimePoint deadline = deadline_of(head);
    return head.witnessed ? deadline : std::min(quiet_since(head) + short_pause, deadline);
}

/// Since when it has been quiet. Beside another program only what was asked before counts, of which
/// no answer may be taken for a later one: those of witnesses.
TimePoint UpstreamDialogue::quiet_from() const {
    return is_careful() ? witnessed_at_ : last_byte_;
}

void UpstreamDialogue::lose_contended(const Command& command) {
    lose(command, ErrorCode::OutcomeUnknown,
         fmt::format(
             "{} writes into ExaBGP's pipe at the same time, and whose answer came can't be "
             "told; {}; let it use exapulse run instead",
             listener_.visitor(),
             only_reads(rules(), *command.request) ? "it changes nothing, so it is safe to repeat"
                                                   : "look before you repeat it"));
}

}  // namespace exapulse
