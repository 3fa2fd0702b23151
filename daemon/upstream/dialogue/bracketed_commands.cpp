// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/bracketed_commands.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "daemon/exabgp/command_guard.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

/// After so many sweeps during which somebody wrote, the command is written all the same, and its
/// outcome is unknown.
constexpr int most_sweeps = 3;
/// A command that only reads is asked again so often, as nobody has been given its answer yet.
constexpr int most_repeats = 5;

}  // namespace

bool BracketedCommands::in_flight() const {
    return !in_flight_.empty() && in_flight_.front().bracket != nullptr;
}

bool BracketedCommands::write(Command& command, TimePoint now) {
    assert(in_flight_.empty());
    const DialectRules& rules = wire_.rules();
    const std::size_t most = parts_.settings.answer;
    if (command.shape == AnswerShape::Terminated && takes_turn(rules, *command.request)) {
        BracketedAnswer bracket(rules, command.request, most);
        if (bracket.text().size() < BracketedAnswer::longest_text) {
            write(InFlight::Kind::Command, std::move(command), std::move(bracket), now);
            return true;
        }
    }
    if (!wire_.swept() && sweeps_ < most_sweeps) {
        ++sweeps_;
        parts_.queue.put_back(std::move(command));
        write(InFlight::Kind::Sweep, {}, BracketedAnswer(rules, nullptr, most), now);
        return true;
    }
    sweeps_ = 0;
    return false;
}

void BracketedCommands::write(InFlight::Kind kind, Command command, BracketedAnswer bracket,
                              TimePoint now) {
    const std::string text = bracket.text();
    wire_.write({.kind = kind,
                 .written_at = now,
                 .command = std::move(command),
                 .bracket = std::make_unique<BracketedAnswer>(std::move(bracket)),
                 .swept = wire_.swept()},
                text);
}

Step BracketedCommands::on_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    InFlight::Entry& head = in_flight_.front();
    const auto progress = head.bracket->add(line, reply);
    if (progress == BracketedAnswer::Progress::None) return {};
    head.stepped_at = now;
    wire_.note_step(now);
    if (progress == BracketedAnswer::Progress::Step) return {};
    return on_complete(now);
}

Step BracketedCommands::on_complete(TimePoint now) {
    const InFlight::Entry& head = in_flight_.front();
    const bool lost_some = head.witnessed;
    const bool alone = !head.crossed && head.swept && !lost_some && parts_.listener.sees_visits();
    if (!head.crossed) wire_.note_swept();
    if (head.kind == InFlight::Kind::Sweep)
        in_flight_.pop_front();
    else
        end_command(alone, now);
    if (!lost_some) return {};
    // The closing part was written twice, and its answer may still come.
    return {Step::Kind::Lost, "answers were lost while another program writes into the pipe"};
}

void BracketedCommands::end_command(bool alone, TimePoint now) {
    using Outcome = BracketedAnswer::Outcome;
    InFlight::Entry entry = in_flight_.pop_front();
    const Outcome outcome = entry.bracket->outcome(alone);
    const bool again = outcome == Outcome::Unclear && !entry.witnessed && !entry.command.peers &&
                       only_reads(wire_.rules(), *entry.command.request) && repeats_ < most_repeats;
    if (outcome != Outcome::None) repeats_ = again ? repeats_ + 1 : 0;
    if (outcome == Outcome::None) {
        parts_.queue.penalise(entry.command, elapsed(entry.written_at, now), now);
        parts_.verdicts.fail(entry);
    } else if (again) {
        parts_.queue.put_back(std::move(entry.command));
    } else if (outcome == Outcome::Unclear) {
        parts_.verdicts.lose_contended(entry.command);
    } else {
        for (const std::string& line : entry.bracket->lines())
            entry.command.sink->on_answer_line(entry.command, line);
        parts_.verdicts.give(entry.command, outcome == Outcome::Done);
    }
}

/// Some of the answer may have gone to another reader: the closing part is written once more.
Step BracketedCommands::on_tick(TimePoint now) {
    InFlight::Entry& head = in_flight_.front();
    // That of a command is the dialogue's.
    if (head.kind == InFlight::Kind::Sweep &&
        now >= wire_.deadline_of(head, parts_.settings.deadline))
        return {Step::Kind::Lost,
                "nothing more was answered while another program writes into the pipe"};
    if (head.witnessed || now < next_tick()) return {};
    head.witnessed = true;
    wire_.write_apart(head.bracket->closing(), now);
    return {};
}

TimePoint BracketedCommands::next_tick() const {
    const InFlight::Entry& head = in_flight_.front();
    const TimePoint deadline = wire_.deadline_of(head, parts_.settings.deadline);
    if (head.witnessed) return deadline;
    return std::min(std::max(wire_.last_byte(), head.written_at) + short_pause, deadline);
}

}  // namespace exapulse
