// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/sync_word.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "common/words.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

/// What ExaBGP takes off the end of a command, two words at most, in any order.
bool says_sync_or_async(std::string_view command) {
    const auto parts = words(command);
    const auto first = parts.size() > 2 ? parts.end() - 2 : parts.begin();
    return std::any_of(first, parts.end(),
                       [](std::string_view word) { return word == "sync" || word == "async"; });
}

}  // namespace

std::optional<std::string> with_sync(const DialectRules& rules, const Request& request) {
    assert(rules.in_order);
    const std::string_view command = command_in(rules, request);
    const bool group = command == "peer … group";
    if (!group && command != "peer … announce" && command != "peer … withdraw") return std::nullopt;
    const std::string_view line = request.text();
    const std::string_view decides = group ? line.substr(0, line.find(';')) : line;
    if (says_sync_or_async(decides)) return std::nullopt;
    const std::size_t end = decides.find_last_not_of(" \t") + 1;
    std::string text(line.substr(0, end));
    text += " sync";
    text += line.substr(end);
    return text;
}

}  // namespace exapulse
