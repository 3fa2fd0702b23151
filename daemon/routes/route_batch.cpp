// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/route_batch.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_prefix.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

namespace {

using std::string_view;

/// 4.2, 5.0 and 6.0 read these alike in `announce route` and `announce attributes`.
constexpr std::array<string_view, 8> attributes{
    "as-path",          "community", "extended-community", "large-community",
    "local-preference", "med",       "next-hop",           "origin"};

/// Whether `words` are those attributes, each with one value or one list in brackets.
bool are_attributes(Words words) {
    while (!words.empty()) {
        if (std::find(attributes.begin(), attributes.end(), words[0]) == attributes.end())
            return false;
        words = words.subspan(1);
        if (words.empty()) return false;
        if (!words[0].starts_with('[')) {
            words = words.subspan(1);
            continue;
        }
        const auto end = std::find_if(words.begin(), words.end(),
                                      [](string_view word) { return word.ends_with(']'); });
        if (end == words.end()) return false;
        words = words.subspan(static_cast<std::size_t>(end - words.begin()) + 1);
    }
    return true;
}

/// The prefix and the attributes of a command; no prefix: it has others, or more than these.
struct Parts {
    string_view prefix{};
    Words attributes{};
};

Parts parts_of(Words command) {
    if (command.size() < 4 || command[0] != "announce") return {};
    if (command[1] == "route") return {command[2], command.subspan(3)};
    if ((command[1] == "ipv4" || command[1] == "ipv6") && command[2] == "unicast") {
        // In a list it would be of the family multicast.
        const auto prefix = IpPrefix::parse_with_host_bits(command[3]);
        if (prefix && prefix->is_multicast()) return {};
        return {command[3], command.subspan(4)};
    }
    if (command[1] != "attributes" || command[command.size() - 2] != "nlri") return {};
    return {command.back(), command.subspan(2, command.size() - 4)};
}

}  // namespace

std::optional<BatchedRoute> batched_route(std::string_view line) {
    const Request request{std::string(line)};
    const Parts parts = parts_of(command_words(request));
    const bool usable = IpPrefix::parse_with_host_bits(parts.prefix).has_value() &&
                        !parts.attributes.empty() && are_attributes(parts.attributes);
    if (!usable) return std::nullopt;
    const auto& selector = request.selector().selector;
    return BatchedRoute{
        fmt::format("{}{}announce attributes {} nlri", selector ? selector->text : string_view(),
                    selector ? " " : "", fmt::join(parts.attributes, " ")),
        std::string(parts.prefix)};
}

}  // namespace exapulse
