// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/route_line.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

using std::string_view;

/// Attributes of a route that change neither its prefix nor its table, and have one value or a list
/// of values.
constexpr std::array<string_view, 13> harmless{"aggregator",
                                               "aigp",
                                               "as-path",
                                               "cluster-list",
                                               "community",
                                               "extended-community",
                                               "large-community",
                                               "local-preference",
                                               "med",
                                               "next-hop",
                                               "origin",
                                               "originator-id",
                                               "path-information"};

bool is_plain(string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == ':' || c == '.' || c == '/' || c == '-' || c == '_' || c == '+';
    });
}

/// What is left of `line` after one value; empty optional where it begins with none.
std::optional<Words> after_value(Words line) {
    if (line.empty()) return std::nullopt;
    const string_view first = line.front();
    if (first != "[" && first != "(")
        return is_plain(first) ? std::optional(line.subspan(1)) : std::nullopt;
    const string_view closing = first == "[" ? "]" : ")";
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] == closing) return line.subspan(i + 1);
        if (line[i] != "," && !is_plain(line[i])) return std::nullopt;
    }
    return std::nullopt;
}

RouteLine unclear(std::string why) {
    return {std::nullopt, {}, std::move(why)};
}

}  // namespace

RouteLine read_route(const Request& request) {
    const Words command = command_words(request);
    std::vector<string_view> words(command.begin(), command.end());
    if (!words.empty() && words.back().ends_with(';')) words.back().remove_suffix(1);
    if (!words.empty() && words.back().empty()) words.pop_back();
    Words line = words;
    if (line.size() < 3 || (line[0] != "announce" && line[0] != "withdraw"))
        return unclear("it is neither `announce route` nor `withdraw route`");
    const bool by_family = (line[1] == "ipv4" || line[1] == "ipv6") && line[2] == "unicast";
    if (line[1] != "route" && !by_family)
        return unclear(
            fmt::format("the prefixes of '{} {:.40}' can't be told for certain, use "
                        "`{} route`",
                        line[0], line[1], line[0]));
    line = line.subspan(by_family ? 3 : 2);
    if (line.empty()) return unclear("it has no prefix");
    const string_view text = line.front();
    const auto prefix = IpPrefix::parse(text);
    if (!prefix) return unclear(fmt::format("'{:.60}' is no prefix", text));
    for (line = line.subspan(1); !line.empty();) {
        const string_view word = line.front();
        line = line.subspan(1);
        if (word == "atomic-aggregate" || word == "sync" || word == "async") continue;
        const bool known = std::find(harmless.begin(), harmless.end(), word) != harmless.end();
        const auto rest = known ? after_value(line) : std::nullopt;
        if (!rest)
            return unclear(fmt::format(
                "'{:.60}' {}, and with it the prefixes can't be told for certain",
                known && !line.empty() ? line.front() : word,
                known ? "is no plain value" : "is no attribute that a limited caller may use"));
        line = *rest;
    }
    return {prefix, text, {}};
}

}  // namespace exapulse
