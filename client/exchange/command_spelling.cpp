// SPDX-License-Identifier: BSD-3-Clause
// The table of spellings, and one rule that no row can say.
#include "client/exchange/command_spelling.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "client/ip_address.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using Words = std::vector<std::string_view>;

enum class Order { ActionFirst, TargetFirst };

struct Grammar {
    std::string_view dialect;
    Order order;
};

// v4 is not among them: it takes both.
constexpr std::array grammars{
    Grammar{"4.2", Order::ActionFirst},
    Grammar{"5.0", Order::ActionFirst},
    Grammar{"v6", Order::TargetFirst},
};

enum class Extent {
    Start,      // of a command: what follows is kept
    WholeLine,  // a word more and it may mean something else
};

struct Spelling {
    std::string_view action_first, target_first;
    Extent extent;
};

// What every version knows under one of two names. The form of an answer is the version's own: v6
// always answers in JSON. Not here, because they look alike and differ:
// - show neighbor configuration: v6 shows no configuration
// - teardown: without a neighbor it does nothing on 4.2 and 5.0, and ends every session on v4
// - ping, bye, acks, sync, reset: exapulsed treats both spellings itself
constexpr std::array spellings{
    Spelling{"announce", "peer * announce", Extent::Start},
    Spelling{"withdraw", "peer * withdraw", Extent::Start},
    Spelling{"version", "system version", Extent::WholeLine},
    Spelling{"help", "system help", Extent::WholeLine},
    Spelling{"reload", "daemon reload", Extent::WholeLine},
    Spelling{"restart", "daemon restart", Extent::WholeLine},
    Spelling{"shutdown", "daemon shutdown", Extent::WholeLine},
    Spelling{"show neighbor summary", "peer show summary", Extent::WholeLine},
    Spelling{"show neighbor extensive", "peer show extensive", Extent::WholeLine},
    Spelling{"show adj-rib in", "rib show in", Extent::WholeLine},
    Spelling{"show adj-rib in extensive", "rib show in extensive", Extent::WholeLine},
    Spelling{"show adj-rib out", "rib show out", Extent::WholeLine},
    Spelling{"show adj-rib out extensive", "rib show out extensive", Extent::WholeLine},
    // What these three do to 4.2 without peers is exapulsed's to guard, under either name.
    Spelling{"flush adj-rib out", "rib flush out", Extent::WholeLine},
    Spelling{"clear adj-rib in", "rib clear in", Extent::WholeLine},
    Spelling{"clear adj-rib out", "rib clear out", Extent::WholeLine},
};

bool matches(const Words& line, const Words& spelling, Extent extent) {
    const bool length = extent == Extent::WholeLine ? line.size() == spelling.size()
                                                    : line.size() >= spelling.size();
    return length && std::equal(spelling.begin(), spelling.end(), line.begin());
}

// `line` with its first `count` words replaced, and not another byte.
std::string with_start(std::string_view line, const Words& parts, std::size_t count,
                       std::string_view replacement) {
    const std::string_view last = parts[count - 1];
    std::string result(line.data(), parts.front().data());
    result += replacement;
    result.append(last.data() + last.size(), line.data() + line.size());
    return result;
}

// SELECTOR_KEYS in 6.0's reactor/api/command/limit.py; 4.2 and 5.0 know the same.
constexpr std::array<std::string_view, 5> filters{"local-ip", "local-as", "peer-as", "router-id",
                                                  "family-allowed"};

/// Where the action stands behind an address and its filters, "local-as 65000 ..."; the number of
/// words when there is none.
std::size_t action_at(const Words& parts) {
    std::size_t at = 2;
    while (at + 1 < parts.size() &&
           std::find(filters.begin(), filters.end(), parts[at]) != filters.end())
        at += 2;
    return std::min(at, parts.size());
}

// `peer ADDRESS announce` is `neighbor ADDRESS announce` where the action comes first. An address
// that no neighbor has is an error there; in v6 exapulsed refuses it, for ExaBGP would send the
// route to every peer. Never `teardown`: 4.2 and 5.0 say done to it whoever has the address.
std::optional<std::string> with_selector(std::string_view line, const Words& parts, Order order) {
    const bool target_first = order == Order::TargetFirst;
    const std::string_view from = target_first ? "neighbor" : "peer";
    if (parts.size() < 3 || parts[0] != from || !is_address(parts[1])) return std::nullopt;
    const std::size_t at = action_at(parts);
    if (at == parts.size()) return std::nullopt;
    if (parts[at] != "announce" && parts[at] != "withdraw") return std::nullopt;
    return with_start(line, parts, 1, target_first ? "peer" : "neighbor");
}

std::optional<std::string> in_order(std::string_view line, Order order) {
    const Words parts = words(line);
    if (parts.empty()) return std::nullopt;
    for (const Spelling& row : spellings) {
        const bool target_first = order == Order::TargetFirst;
        const Words from = words(target_first ? row.action_first : row.target_first);
        if (matches(parts, from, row.extent))
            return with_start(line, parts, from.size(),
                              target_first ? row.target_first : row.action_first);
    }
    return with_selector(line, parts, order);
}

}  // namespace

bool spelling_varies(std::string_view line) {
    return in_order(line, Order::ActionFirst) || in_order(line, Order::TargetFirst);
}

std::optional<std::string> respelled(std::string_view line, std::string_view dialect) {
    const auto grammar = std::find_if(grammars.begin(), grammars.end(),
                                      [&](const Grammar& row) { return row.dialect == dialect; });
    return grammar == grammars.end() ? std::nullopt : in_order(line, grammar->order);
}

}  // namespace exapulse::client
