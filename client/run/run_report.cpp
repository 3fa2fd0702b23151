// SPDX-License-Identifier: BSD-3-Clause
// The words about commands that failed.
#include "client/run/run_report.hpp"

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

namespace {

// Enough to recognise a command by; the line number finds the rest.
constexpr std::size_t shown_of_command = 60;

// As many as fit a line or two.
constexpr std::size_t shown_ranges = 20;

std::string excerpt(const std::string& text) {
    if (text.size() <= shown_of_command) return text;
    std::size_t end = shown_of_command;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "...";
}

}  // namespace

std::optional<std::string> RunReport::add(const Command& command, const Verdict& verdict) {
    worst_ = worse(worst_, verdict.code);
    if (command.line > 0) ++lines_;
    if (verdict.code == ExitCode::Done) return std::nullopt;
    if (command.line == 0) return verdict.text;
    note_failed(command.line);
    return fmt::format("line {}: {}: {}", command.line, excerpt(command.text), verdict.text);
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
    return fmt::format("{}sent as \"{}\" (ExaBGP speaks {})", which, sent, dialect);
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
