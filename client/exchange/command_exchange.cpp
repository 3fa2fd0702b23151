// SPDX-License-Identifier: BSD-3-Clause
// The window of commands that wait for an answer.
#include "client/exchange/command_exchange.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

namespace {

// Enough to keep exapulsed busy; with lines of 1 MiB the window alone would not bound memory.
constexpr std::size_t enough_outgoing = 64U << 10;
constexpr std::size_t enough_sent = 256U << 10;

constexpr std::string_view withdraw_line = "sidecar cancel";

}  // namespace

CommandExchange::CommandExchange(AnswerReader::Data on_data, OnVerdict on_verdict, Speller speller,
                                 std::size_t most)
    : on_data_(std::move(on_data)),
      on_verdict_(std::move(on_verdict)),
      speller_(std::move(speller)),
      most_(most) {}

void CommandExchange::add(Command command) {
    pending_.push_back({std::move(command)});
    fill();
}

void CommandExchange::add_refused(Command command, Verdict why) {
    pending_.push_back({std::move(command), std::move(why)});
    fill();
}

bool CommandExchange::wants_more() const {
    return !stopped_ && !withdrawal_ && pending_.empty() && sent_.size() < most_;
}

std::string_view CommandExchange::outgoing() const {
    return std::string_view(out_).substr(out_written_);
}

void CommandExchange::wrote(std::size_t bytes) {
    out_written_ += bytes;
    written_ += bytes;
    if (out_written_ == out_.size()) {
        out_.clear();
        out_written_ = 0;
    }
    fill();
}

void CommandExchange::fill() {
    if (unsent_in_a_row_ > 0 && !sent_.empty()) return;
    while (!stopped_ && !withdrawal_ && !pending_.empty() && !asking_ && has_room()) {
        if (pending_.front().refused) {
            sent_.push_back({std::move(pending_.front()), queued_});
            pending_.pop_front();
            tell_refused();
        } else if (speller_.must_ask(pending_.front().command.text)) {
            asking_ = true;
            send(Speller::question, std::nullopt);
        } else {
            Pending next = std::move(pending_.front());
            pending_.pop_front();
            Command& command = next.command;
            const std::string text = speller_.spell(command.text, command.line);
            if (text != command.text) command.sent = text;
            send(text, std::move(next));
        }
    }
}

bool CommandExchange::has_room() const {
    const std::size_t most = !answered_ ? 1 : !reachable_ ? std::min(most_, refused_window) : most_;
    if (sent_.size() >= most || outgoing().size() >= enough_outgoing) return false;
    return sent_.empty() || queued_ - sent_.front().end < enough_sent;
}

void CommandExchange::send(std::string_view text, std::optional<Pending> what) {
    out_ += text;
    out_ += '\n';
    queued_ += text.size() + 1;
    sent_.push_back({std::move(what), queued_});
}

// Those whose turn has come.
void CommandExchange::tell_refused() {
    while (!sent_.empty() && sent_.front().what && sent_.front().what->refused) {
        const Pending refused = std::move(*sent_.front().what);
        sent_.pop_front();
        on_verdict_(refused.command, *refused.refused);
    }
}

void CommandExchange::feed(std::string_view bytes) {
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        if (line.too_long)
            throw std::length_error(
                fmt::format("an answer line is longer than {}, the rest of the "
                            "answer is lost",
                            format_size(longest_answer_line)));
        on_line(line.text);
        return true;
    });
}

void CommandExchange::on_data(std::string_view line) {
    if (question_is_next())
        question_answer_ = line;
    else
        on_data_(line);
}

void CommandExchange::on_line(std::string_view line) {
    const auto verdict = answer_.feed(line, [this](std::string_view data) { on_data(data); });
    if (!verdict) return;
    answered_ = true;
    if (question_is_next() && !asking_) {
        sent_.pop_front();  // exapulsed has withdrawn all there was
    } else if (question_is_next()) {
        on_question_ended(*verdict);
    } else {
        Command command;
        if (!sent_.empty()) {
            command = std::move(sent_.front().what->command);
            sent_.pop_front();
        }
        count_unsent(*verdict);
        tell(command, final_verdict(*verdict));
    }
    tell_refused();
    fill();
}

void CommandExchange::tell(const Command& command, const Verdict& verdict) {
    on_verdict_(command, is_query(command.text) ? verdict_on_query(verdict) : verdict);
}

// What exapulsed refuses for another reason says nothing about ExaBGP.
void CommandExchange::count_unsent(const Verdict& verdict) {
    if (withdrawal_) return;
    if (verdict.error == ErrorCode::NotSent) {
        ++unsent_in_a_row_;
        reachable_ = false;
    } else if (verdict.source == Verdict::Source::Exabgp ||
               verdict.error == ErrorCode::OutcomeUnknown ||
               verdict.error == ErrorCode::ExabgpFailed) {
        unsent_in_a_row_ = 0;
        reachable_ = true;
    }
}

// exapulsed tells which it was; why, the client knows better.
Verdict CommandExchange::final_verdict(const Verdict& verdict) const {
    if (!withdrawal_) return verdict;
    if (verdict.error == ErrorCode::NotSent) return withdrawn(withdrawal_->why);
    if (verdict.error == ErrorCode::OutcomeUnknown) return withdrawal_->in_doubt;
    return verdict;
}

bool CommandExchange::withdraw(std::string_view why, const Verdict& in_doubt) {
    if (withdrawal_ || !outgoing().empty()) return false;
    withdrawal_ = Withdrawal{std::string(why), in_doubt};
    send(withdraw_line, std::nullopt);
    return true;
}

// An `error` without a code is not exapulsed's, and leaves everything as it is. With one it refuses
// the question, for a limit perhaps; the command that asked is refused with it, nothing was sent.
void CommandExchange::on_question_ended(const Verdict& verdict) {
    sent_.pop_front();
    asking_ = false;
    if (verdict.code == ExitCode::Done || verdict.code == ExitCode::ExabgpError) {
        speller_.learn(question_answer_);
    } else {
        const Command command = std::move(pending_.front().command);
        pending_.pop_front();
        on_verdict_(command, verdict);
    }
}

void CommandExchange::give_up(const Verdict& verdict) {
    while (!sent_.empty() && sent_.back().end > written_) {
        if (sent_.back().what) pending_.push_front(std::move(*sent_.back().what));
        sent_.pop_back();
    }
    for (const Sent& sent : std::exchange(sent_, {}))
        if (sent.what) tell(sent.what->command, sent.what->refused.value_or(verdict));
}

std::optional<std::size_t> CommandExchange::first_unsent() const {
    if (pending_.empty()) return std::nullopt;
    return pending_.front().command.line;
}

}  // namespace exapulse::client
