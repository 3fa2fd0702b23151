// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/commands.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "tests/support/simulator/reaction.hpp"

namespace exapulse::test {

namespace {

enum class Kind { Announce, Refused, Echo, Lines };

constexpr std::size_t lines_of_long_answer = 20;
constexpr std::size_t bytes_of_long_line = 60;

Kind kind_of(CommandNumber number, bool pipes) {
    if (number % 64 == 9) return Kind::Lines;
    if (number % 16 == 5) return Kind::Echo;
    // 4.2 and 5.0 do not say what is wrong, so nothing would tell whose answer it is.
    return number % 7 == 3 && !pipes ? Kind::Refused : Kind::Announce;
}

std::string route_of(CommandNumber number, Kind kind) {
    const std::string prefix =
        kind == Kind::Refused
            ? fmt::format("x{}", number)
            : fmt::format("10.{}.{}.{}/32", number >> 16 & 255, number >> 8 & 255, number & 255);
    return fmt::format("route {} next-hop 192.0.2.1 med {}", prefix, number);
}

/// The lines before the terminator.
std::vector<std::string> data_of(CommandNumber number, Kind kind) {
    switch (kind) {
        case Kind::Announce:
            return {};
        case Kind::Refused:
            return {fmt::format("error: Could not parse route: {}", route_of(number, kind))};
        case Kind::Echo:
            return {fmt::format(R"({{"echo": "c{}"}})", number)};
        case Kind::Lines:
            break;
    }
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < lines_of_long_answer; ++i) {
        lines.push_back(fmt::format("c{} {}", number, i));
        lines.back().resize(std::max(lines.back().size(), bytes_of_long_line), '.');
    }
    return lines;
}

std::vector<std::string_view> lines_in(std::string_view answer) {
    std::vector<std::string_view> lines;
    for (auto end = answer.find('\n'); end != answer.npos; end = answer.find('\n')) {
        if (const auto line = answer.substr(0, end); line != foreign_line) lines.push_back(line);
        answer.remove_prefix(end + 1);
    }
    return lines;
}

std::optional<Ending> verdict_of(std::string_view line) {
    const auto error = parse_error(line);
    if (!error) return std::nullopt;
    switch (error->code) {
        case ErrorCode::NotSent:
            return Ending::NotSent;
        case ErrorCode::OutcomeUnknown:
            return Ending::Unknown;
        case ErrorCode::ExabgpFailed:
            return Ending::Failed;
        case ErrorCode::Busy:
            return Ending::Busy;
        case ErrorCode::Incomplete:
            return Ending::Incomplete;
        case ErrorCode::Denied:
        case ErrorCode::TooLong:
        case ErrorCode::BadInput:
        case ErrorCode::UnknownVerb:
        case ErrorCode::UnknownPlace:
        case ErrorCode::LeaseOver:
        case ErrorCode::NotSaved:  // none of these clients keeps its routes
            break;
    }
    return Ending::Wrong;
}

}  // namespace

std::string command_line(CommandNumber number, bool pipes) {
    switch (const Kind kind = kind_of(number, pipes)) {
        case Kind::Announce:
        case Kind::Refused:
            return fmt::format("{}announce {}", pipes ? "" : "peer * ", route_of(number, kind));
        case Kind::Echo:
            return fmt::format("test echo c{}", number);
        case Kind::Lines:
            break;
    }
    return fmt::format("test lines {} {} c{}", lines_of_long_answer, bytes_of_long_line, number);
}

std::optional<CommandNumber> number_in(std::string_view line) {
    const auto space = line.rfind(' ');
    if (space == line.npos) return std::nullopt;
    std::string_view last = line.substr(space + 1);
    if (line.starts_with("test ") && last.starts_with('c'))
        last.remove_prefix(1);
    else if (!line.substr(0, space).ends_with(" med"))
        return std::nullopt;
    CommandNumber number = 0;
    const auto [end, failed] = std::from_chars(last.data(), last.data() + last.size(), number);
    if (failed != std::errc{} || end != last.data() + last.size()) return std::nullopt;
    return number;
}

Ending ending_of(CommandNumber number, std::string_view answer, bool pipes) {
    const Kind kind = kind_of(number, pipes);
    const auto own = data_of(number, kind);
    auto lines = lines_in(answer);
    const bool ended = !lines.empty() && (lines.back() == line_done || lines.back() == line_error);
    const bool done = ended && lines.back() == line_done;
    if (ended) lines.pop_back();
    if (ended && done == (kind != Kind::Refused) &&
        std::equal(lines.begin(), lines.end(), own.begin(), own.end()))
        return done ? Ending::Done : Ending::Error;
    if (done) return Ending::Wrong;
    const auto verdict = ended && !lines.empty() ? verdict_of(lines.back()) : std::nullopt;
    if (ended && !verdict) return Ending::Wrong;
    if (verdict) lines.pop_back();
    // What was lost may have brought the beginning of its data, and only that.
    const bool pure =
        lines.size() <= own.size() && std::equal(lines.begin(), lines.end(), own.begin());
    if (!pure) return Ending::Wrong;
    return verdict.value_or(Ending::None);
}

}  // namespace exapulse::test
