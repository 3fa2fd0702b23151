// SPDX-License-Identifier: BSD-3-Clause
// The words about commands that failed.
#include "client/run_report.hpp"

#include <fmt/format.h>

namespace exapulse::client {

namespace {

// Enough to recognise a command by; the line number finds the rest.
constexpr std::size_t shown_of_command = 60;

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
    ++failed_;
    return fmt::format("line {}: {}: {}", command.line, excerpt(command.text), verdict.text);
}

std::string RunReport::add_unsent_from(std::size_t line) {
    worst_ = worse(worst_, ExitCode::NotSent);
    const std::string which = line == 0 ? "" : fmt::format("line {} and all after it: ", line);
    return which +
           "not-sent: exapulsed closed the connection or fell silent first; nothing reached "
           "ExaBGP, it is safe to repeat";
}

std::string RunReport::respelled(std::size_t line, std::string_view sent,
                                 std::string_view dialect) {
    const std::string which = line == 0 ? "" : fmt::format("line {}: ", line);
    return fmt::format("{}sent as \"{}\" (ExaBGP speaks {})", which, sent, dialect);
}

std::optional<std::string> RunReport::summary() const {
    if (failed_ == 0) return std::nullopt;
    return fmt::format("{} of {} lines failed", failed_, lines_);
}

}  // namespace exapulse::client
