// SPDX-License-Identifier: BSD-3-Clause
// The window of commands that wait for an answer.
#include "client/command_exchange.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

namespace {

// Enough to keep exapulsed busy; with lines of 1 MiB the window alone would not bound memory.
constexpr std::size_t enough_outgoing = 64U << 10;

}  // namespace

CommandExchange::CommandExchange(AnswerReader::Data on_data, OnVerdict on_verdict)
    : on_data_(std::move(on_data)), on_verdict_(std::move(on_verdict)) {}

void CommandExchange::add(Command command) {
    pending_.push_back(std::move(command));
    fill();
}

bool CommandExchange::wants_more() const {
    return pending_.empty() && sent_.size() < window;
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
    const std::size_t limit = answered_ ? window : 1;
    while (!pending_.empty() && sent_.size() < limit && outgoing().size() < enough_outgoing) {
        Command command = std::move(pending_.front());
        pending_.pop_front();
        out_ += command.text;
        out_ += '\n';
        queued_ += command.text.size() + 1;
        sent_.push_back({std::move(command), queued_});
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

void CommandExchange::on_line(std::string_view line) {
    const auto verdict = answer_.feed(line, on_data_);
    if (!verdict) return;
    answered_ = true;
    Command command;
    if (!sent_.empty()) {
        command = std::move(sent_.front().command);
        sent_.pop_front();
    }
    on_verdict_(command, *verdict);
    fill();
}

void CommandExchange::give_up(const Verdict& verdict) {
    while (!sent_.empty() && sent_.back().end > written_) {
        pending_.push_front(std::move(sent_.back().command));
        sent_.pop_back();
    }
    for (const Sent& sent : std::exchange(sent_, {})) on_verdict_(sent.command, verdict);
}

std::optional<std::size_t> CommandExchange::first_unsent() const {
    if (pending_.empty()) return std::nullopt;
    return pending_.front().line;
}

}  // namespace exapulse::client
