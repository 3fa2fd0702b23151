// SPDX-License-Identifier: BSD-3-Clause
// The table of spellings, and the selectors, which no row can express.
#include "common/exabgp_spelling.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "common/ip_address.hpp"
#include "common/peer_selector.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using Words = std::vector<std::string_view>;

struct Grammar {
    std::string_view dialect;
    SelectorGrammar selectors;
};

constexpr std::array grammars{
    Grammar{"4.2", SelectorGrammar::Neighbor},
    Grammar{"5.0", SelectorGrammar::Neighbor},
    Grammar{"v4", SelectorGrammar::Either},
    Grammar{"v6", SelectorGrammar::Peer},
};

enum class Extent {
    Start,      // of a command: what follows is kept
    WholeLine,  // with further words it may mean something else
};

struct Spelling {
    std::string_view action_first, target_first;
    Extent extent;
};

// Commands that every version has under one of two names. The format of the answer depends on the
// version: v6 always answers in JSON. Not listed, since they look alike but differ:
// - show neighbor configuration: v6 shows no configuration
// - teardown: without a neighbor it does nothing on 4.2 and 5.0, and ends every session on v4
// - ping, bye, acks, sync, reset: exapulsed handles both spellings itself
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
    // Under either name, exapulsed guards against what these three do to a 4.2 without peers.
    Spelling{"flush adj-rib out", "rib flush out", Extent::WholeLine},
    Spelling{"clear adj-rib in", "rib clear in", Extent::WholeLine},
    Spelling{"clear adj-rib out", "rib clear out", Extent::WholeLine},
};

bool matches(const Words& line, const Words& spelling, Extent extent) {
    const bool length = extent == Extent::WholeLine ? line.size() == spelling.size()
                                                    : line.size() >= spelling.size();
    return length && std::equal(spelling.begin(), spelling.end(), line.begin());
}

// `line` with its first `count` words replaced; all other bytes stay.
std::string with_start(std::string_view line, const Words& parts, std::size_t count,
                       std::string_view replacement) {
    const std::string_view last = parts[count - 1];
    std::string result(line.data(), parts.front().data());
    result += replacement;
    result.append(last.data() + last.size(), line.data() + line.size());
    return result;
}

bool names_addresses(const PeerSelector& selector) {
    return std::all_of(selector.terms.begin(), selector.terms.end(), [](const PeerTerm& term) {
        return term.any_address() || is_address(term.address) || is_address_range(term.address);
    });
}

// Selects the same peers in this grammar. exapulsed, which knows the peers, refuses filters after a
// `*` and addresses that no peer has. Never for `teardown`: 4.2 and 5.0 answer done to it whoever
// has the address.
std::optional<std::string> with_selector(std::string_view line, SelectorGrammar grammar) {
    const auto selector = read_selector(line).selector;
    if (!selector || !selector->for_routes() || !names_addresses(*selector)) return std::nullopt;
    if (accepts(grammar, *selector)) return std::nullopt;
    const auto start = spelled(grammar, selector->terms);
    if (!start) return std::nullopt;
    const bool simple =
        selector->terms.size() == 1 && !selector->bracketed && !selector->trailing_comma;
    if (simple && !selector->everyone())
        return with_start(line, words(selector->text), 1, selector->peer ? "neighbor" : "peer");
    const auto at = static_cast<std::size_t>(selector->text.data() - line.data());
    const std::string_view rest =
        start->empty() ? selector->command : line.substr(at + selector->text.size());
    // A comma after the last address may have stood between the two.
    const bool apart = start->empty() || rest.starts_with(' ') || rest.starts_with('\t');
    return std::string(line.substr(0, at)) + *start + (apart ? "" : " ") + std::string(rest);
}

// v4 accepts both spellings of a row.
std::optional<std::string> in_grammar(std::string_view line, SelectorGrammar grammar) {
    const Words parts = words(line);
    if (parts.empty()) return std::nullopt;
    const bool target_first = grammar == SelectorGrammar::Peer;
    for (const Spelling& row : spellings) {
        if (grammar == SelectorGrammar::Either) break;
        const Words from = words(target_first ? row.action_first : row.target_first);
        if (matches(parts, from, row.extent))
            return with_start(line, parts, from.size(),
                              target_first ? row.target_first : row.action_first);
    }
    return with_selector(line, grammar);
}

}  // namespace

bool spelling_varies(std::string_view line) {
    return std::any_of(grammars.begin(), grammars.end(), [&](const Grammar& row) {
        return in_grammar(line, row.selectors).has_value();
    });
}

std::optional<std::string> respelled(std::string_view line, std::string_view dialect) {
    const auto grammar = std::find_if(grammars.begin(), grammars.end(),
                                      [&](const Grammar& row) { return row.dialect == dialect; });
    return grammar == grammars.end() ? std::nullopt : in_grammar(line, grammar->selectors);
}

bool group_open_after(std::string_view line, bool open_before) {
    const auto parts = words(line);
    if (parts.size() < 2 || parts[0] != "group") return open_before;
    return parts[1] == "start" || (open_before && parts[1] != "end");
}

}  // namespace exapulse
