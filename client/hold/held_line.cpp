// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/held_line.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/exchange/command_problem.hpp"
#include "common/exabgp_spelling.hpp"
#include "common/peer_selector.hpp"
#include "common/route_text.hpp"
#include "common/tokens.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::string_view;

/// What can be announced but is no route that could be withdrawn by the same words.
constexpr std::array<string_view, 3> no_routes{"eor", "operational", "route-refresh"};

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

std::string route_key(string_view line) {
    const auto command = command_of(line);
    if (command[1].starts_with("attribute"))  // a list of routes
        return selector_of(line) + fmt::format("{}", fmt::join(command, " "));
    const auto read =
        tokens(line.substr(static_cast<std::size_t>(command[1].data() - line.data())));
    return selector_of(line) + read_route(read).nlri;
}

std::vector<HeldRoute> held_routes(string_view given) {
    const std::string line = respelled(given, "v6").value_or(std::string(given));
    const auto command = command_of(line);
    if (command.size() < 3 || command[0] != "announce") return {};
    const std::string selector = selector_of(line);
    const auto start = static_cast<std::size_t>(command[1].data() - line.data());
    const auto read = tokens(string_view(line).substr(start));
    if (!command[1].starts_with("attribute")) return {{read_route(read).nlri, selector}};
    std::vector<HeldRoute> routes;
    for (ListedRoute& route : listed_routes(read))
        routes.push_back({std::move(route.nlri), selector});
    return routes;
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
