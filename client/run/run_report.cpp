// SPDX-License-Identifier: BSD-3-Clause
// The words about commands that failed.
#include "client/run/run_report.hpp"

#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "common/printable.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

// Enough to recognise a command by; the line number finds the rest.
constexpr std::size_t shown_of_command = 60;

// As many as fit a line or two.
constexpr std::size_t shown_ranges = 20;

/// Moments and counters differ from line to line where the reason is one.
std::string reason_of(const Verdict& verdict) {
    const bool counts = verdict.code == ExitCode::NotSent || verdict.code == ExitCode::Limit ||
                        verdict.code == ExitCode::OutcomeUnknown;
    if (!counts) return verdict.text;
    std::string reason;
    for (const std::string_view word : words(verdict.text)) {
        const bool number = std::isdigit(static_cast<unsigned char>(word.front())) != 0;
        const std::string_view part = number ? "#" : word;
        if (!number || !reason.ends_with("# ")) reason.append(part).append(" ");
    }
    return reason;
}

}  // namespace

std::vector<std::string> RunReport::add(const Command& command, const Verdict& verdict) {
    worst_ = worse(worst_, verdict.code);
    if (command.line > 0) ++lines_;
    const bool done = verdict.code == ExitCode::Done;
    if (!done && command.line > 0) {
        note_failed(command.line);
        note_open(command.line, verdict.code);
    }
    std::string reason = done || command.line == 0 ? "" : reason_of(verdict);
    if (!reason.empty() && reason == reason_) {
        if (!same_) same_ = Same{{command.line, command.line}, 0};
        same_->lines.last = command.line;
        ++same_->failed;
        return {};
    }
    std::vector<std::string> texts;
    if (const auto text = folded()) texts.push_back(*text);
    reason_ = std::move(reason);
    if (!done && command.line == 0)
        texts.push_back(verdict.text);
    else if (!done)
        texts.push_back(fmt::format("line {}: {}: {}", command.line,
                                    printable_start(command.text, shown_of_command), verdict.text));
    return texts;
}

std::optional<std::string> RunReport::folded() {
    const auto same = std::exchange(same_, std::nullopt);
    if (!same) return std::nullopt;
    const auto [first, last] = same->lines;
    if (first == last) return fmt::format("line {}: the same", first);
    const bool all = last - first + 1 == same->failed;
    return fmt::format("lines {}-{}{}: the same", first, last,
                       all ? "" : fmt::format(", {} of them", same->failed));
}

std::string RunReport::add_unsent_from(std::size_t line, std::string_view why) {
    worst_ = worse(worst_, ExitCode::NotSent);
    return fmt::format("line {} and all after it: {}", line, not_sent(why).text);
}

std::string RunReport::add_restart() {
    worst_ = worse(worst_, ExitCode::OutcomeUnknown);
    return "ExaBGP restarted while the batch ran and has forgotten what was announced before; run "
           "the whole batch again";
}

std::string RunReport::stopped_before(std::size_t line) {
    return fmt::format("nothing from line {} on was sent (--stop-on-error)", line);
}

std::string RunReport::unreachable_before(std::size_t line) {
    return fmt::format(
        "none of the last {} commands reached ExaBGP, so the batch ends; nothing from line {} on "
        "was sent (see exapulse status)",
        CommandExchange::refused_window, line);
}

std::string RunReport::resume(std::size_t next) const {
    const bool open = has_open() && first_open_ <= next;
    return fmt::format("to resume, give the same batch with --from {}{}", open ? first_open_ : next,
                       open && in_doubt_ ? "; that repeats lines whose outcome is unknown" : "");
}

void RunReport::note_open(std::size_t line, ExitCode code) {
    const bool in_doubt = code == ExitCode::OutcomeUnknown || code == ExitCode::TimedOut;
    if (!in_doubt && code != ExitCode::NotSent && code != ExitCode::Limit) return;
    if (first_open_ == 0) first_open_ = line;
    if (in_doubt) in_doubt_ = true;
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
    return fmt::format("{} in {}, all done", counted(lines_, "command"),
                       describe_duration(elapsed));
}

}  // namespace exapulse::client
