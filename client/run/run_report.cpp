// SPDX-License-Identifier: BSD-3-Clause
// The words about commands that failed.
#include "client/run/run_report.hpp"

#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

namespace {

// Enough to recognise a command by; the line number finds the rest.
constexpr std::size_t shown_of_command = 60;

// The words that differ stand at its beginning.
constexpr std::size_t shown_of_spelling = 120;

// As many as fit a line or two.
constexpr std::size_t shown_ranges = 20;

std::string excerpt(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "...";
}

}  // namespace

std::vector<std::string> RunReport::add(const Command& command, const Verdict& verdict) {
    worst_ = worse(worst_, verdict.code);
    if (command.line > 0) ++lines_;
    const bool done = verdict.code == ExitCode::Done;
    if (!done && command.line > 0) note_failed(command.line);
    if (!done && command.line > 0 && verdict.text == reason_) {
        same_ = Range{same_ ? same_->first : command.line, command.line};
        return {};
    }
    std::vector<std::string> texts;
    if (const auto text = folded()) texts.push_back(*text);
    reason_ = command.line > 0 ? verdict.text : "";
    if (!done && command.line == 0)
        texts.push_back(verdict.text);
    else if (!done)
        texts.push_back(fmt::format("line {}: {}: {}", command.line,
                                    excerpt(command.text, shown_of_command), verdict.text));
    return texts;
}

std::optional<std::string> RunReport::folded() {
    const auto same = std::exchange(same_, std::nullopt);
    if (!same) return std::nullopt;
    return same->first == same->last
               ? fmt::format("line {}: the same", same->first)
               : fmt::format("lines {}-{}: the same", same->first, same->last);
}

std::string RunReport::add_unsent_from(std::size_t line, bool interrupted) {
    worst_ = worse(worst_, ExitCode::NotSent);
    const std::string which = line == 0 ? "" : fmt::format("line {} and all after it: ", line);
    return which + not_sent(interrupted ? "interrupted"
                                        : "exapulsed closed the connection or fell silent first")
                       .text;
}

std::string RunReport::respelled(std::size_t line, std::string_view sent,
                                 std::string_view dialect) {
    const std::string which = line == 0 ? "" : fmt::format("line {}: ", line);
    return fmt::format("{}spelled \"{}\" (ExaBGP speaks {})", which,
                       excerpt(sent, shown_of_spelling), dialect);
}

std::string RunReport::stopped_before(std::size_t line) {
    return fmt::format("line {} and all after it were not sent (--stop-on-error)", line);
}

/// Verdicts come in the order of the lines, but for lines that are refused before they are sent.
void RunReport::note_failed(std::size_t line) {
    ++failed_;
    if (!ranges_.empty() && ranges_.back().last + 1 == line)
        ranges_.back().last = line;
    else if (ranges_.size() < shown_ranges)
        ranges_.push_back({line, line});
    else
        ++beyond_ranges_;
}

std::optional<std::string> RunReport::summary() const {
    if (failed_ == 0) return std::nullopt;
    std::string text = fmt::format("{} of {} lines failed: ", failed_, lines_);
    for (const Range& range : ranges_) {
        text += fmt::format("{}{}", &range == ranges_.data() ? "" : ", ", range.first);
        if (range.last != range.first) text += fmt::format("-{}", range.last);
    }
    if (beyond_ranges_ > 0) text += fmt::format(" and {} more", beyond_ranges_);
    return text;
}

std::string RunReport::success(std::chrono::milliseconds elapsed) const {
    return fmt::format("{} {} in {}, all done", lines_, lines_ == 1 ? "command" : "commands",
                       describe_duration(elapsed));
}

}  // namespace exapulse::client
