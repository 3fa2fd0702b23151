// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/held_line.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/exchange/command_problem.hpp"
#include "common/peer_selector.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::string_view;

/// What can be announced but is no route that could be withdrawn by the same words.
constexpr std::array<string_view, 4> no_routes{"eor", "operational", "route-refresh", "watchdog"};
/// What distinguishes routes of one prefix.
constexpr std::array<string_view, 3> distinguishers{"path-information", "rd",
                                                    "route-distinguisher"};

template <class List>
bool is_one_of(string_view word, const List& list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// The words after the selector, as views into `line`.
std::vector<string_view> command_of(string_view line) {
    const auto reading = read_selector(line);
    return words(reading.selector ? reading.selector->command : line);
}

std::string selector_of(string_view line) {
    const auto reading = read_selector(line);
    if (!reading.selector) return {};
    return fmt::format("{} ", fmt::join(words(reading.selector->text), " "));
}

/// Where the prefix is in `announce route PREFIX` and `announce ipv4 unicast PREFIX`; 0: nowhere.
std::size_t place_of_prefix(const std::vector<string_view>& command) {
    if (command[1] == "route") return 2;
    const bool by_family = command[1] == "ipv4" || command[1] == "ipv6";
    return by_family && command.size() > 3 && command[2] == "unicast" ? 3 : 0;
}

}  // namespace

std::optional<std::string> held_line_problem(string_view line) {
    if (const auto problem = command_problem(line)) return problem;
    const auto reading = read_selector(line);
    if (!reading.selector && !reading.problem.empty()) return reading.problem;
    const auto command = command_of(line);
    if (command.empty() || command[0] != "announce")
        return fmt::format(
            "\"{}\" announces nothing; give commands such as announce route "
            "192.0.2.0/24 next-hop self",
            fmt::join(words(line), " "));
    if (command.size() < 3)
        return fmt::format("\"{}\" names no route", fmt::join(words(line), " "));
    if (is_one_of(command[1], no_routes))
        return fmt::format("announce {} is no route that could be withdrawn again", command[1]);
    return std::nullopt;
}

std::string withdrawal_of(string_view line) {
    const string_view verb = command_of(line).front();
    std::string text(line);
    return text.replace(static_cast<std::size_t>(verb.data() - line.data()), verb.size(),
                        "withdraw");
}

std::string route_key(string_view line) {
    const auto command = command_of(line);
    const std::size_t at = place_of_prefix(command);
    if (at == 0) return selector_of(line) + fmt::format("{}", fmt::join(command, " "));
    std::string key = fmt::format("{}route {}", selector_of(line), command[at]);
    if (is_one_of("label", command)) key += " label";
    for (std::size_t i = at + 1; i + 1 < command.size(); ++i)
        if (is_one_of(command[i], distinguishers))
            key += fmt::format(" {} {}", command[i], command[i + 1]);
    return key;
}

std::size_t routes_in(string_view line) {
    const auto command = command_of(line);
    if (!command[1].starts_with("attribute")) return 1;
    const auto nlri = std::find(command.begin(), command.end(), "nlri");
    const auto count = std::count_if(
        nlri, command.end(), [](string_view word) { return word.find('/') != string_view::npos; });
    return std::max<std::size_t>(static_cast<std::size_t>(count), 1);
}

HeldLines held_lines(string_view text) {
    HeldLines held;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto parts = words(line);
        if (parts.empty() || parts.front().starts_with('#')) continue;
        if (const auto problem = held_line_problem(line)) {
            held.problem = fmt::format("line {}: {}", number, *problem);
            return held;
        }
        held.lines.emplace_back(line.substr(0, line.find_last_not_of('\r') + 1));
    }
    return held;
}

}  // namespace exapulse::client
