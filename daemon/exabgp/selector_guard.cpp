// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/selector_guard.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace exapulse {

namespace {

// Enough to find the typo; `exapulse peers` shows all.
constexpr std::size_t shown = 10;
constexpr std::size_t shown_of_command = 40;

std::string_view version_of(const DialectRules& rules) {
    switch (rules.dialect) {
        case Dialect::Pipes42:
            return "ExaBGP 4.2";
        case Dialect::Pipes50:
            return "ExaBGP 5.0";
        case Dialect::V4:
            return "ExaBGP 6.0 (v4 API)";
        case Dialect::V6:
            break;
    }
    return "ExaBGP 6.0";
}

bool on_pipes(const DialectRules& rules) {
    return rules.selectors == SelectorGrammar::Neighbor;
}

std::string shortened(std::string_view text, std::size_t length) {
    return text.size() <= length ? std::string(text) : fmt::format("{}...", text.substr(0, length));
}

std::string list_of(const ConfiguredPeers& peers) {
    if (peers.size() == 0) return "it has none";
    std::vector<std::string_view> addresses;
    for (std::size_t i = 0; i < std::min(shown, peers.size()); ++i)
        addresses.emplace_back(peers.address(i));
    const std::string more =
        peers.size() > shown ? fmt::format(" and {} more", peers.size() - shown) : "";
    return fmt::format("it has {}{}{}", fmt::join(addresses, ", "), more,
                       peers.has_range() ? "; to reach a peer in a range, name the range" : "");
}

/// The command for these peers as the connected ExaBGP accepts it; empty if there is none.
std::string advice(const DialectRules& rules, const PeerSelector& selector,
                   const std::vector<PeerTerm>& terms) {
    const auto start = spelled(rules.selectors, terms);
    if (!start) return "";
    if (terms.size() > shown) return "; name each peer by its address";
    return fmt::format("; use: {}{}{}", *start, start->empty() ? "" : " ",
                       shortened(selector.command, shown_of_command));
}

/// The terms with each filtered `*` replaced by the peers that pass its filters, for advice().
std::vector<PeerTerm> without_stars(const std::vector<PeerTerm>& terms,
                                    const ConfiguredPeers& peers) {
    std::vector<PeerTerm> result;
    for (const PeerTerm& term : terms) {
        if (!term.any_address()) {
            result.push_back(term);
            continue;
        }
        for (const std::size_t peer : peers.meant_by({term}).peers) {
            if (result.size() > shown) return result;  // too many for advice()
            const std::string& address = peers.address(peer);
            const bool known =
                std::any_of(result.begin(), result.end(),
                            [&](const PeerTerm& other) { return other.address == address; });
            if (!known) result.push_back({address, term.filters});
        }
    }
    return result;
}

bool has_filtered_star(const PeerSelector& selector) {
    return std::any_of(selector.terms.begin(), selector.terms.end(),
                       [](const PeerTerm& term) { return term.any_address() && !term.everyone(); });
}

/// Why ExaBGP ignores the selector for this action, whatever the selector is.
std::string_view ignores_selectors(const DialectRules& rules, const PeerSelector& selector) {
    if (!selector.for_routes()) return {};
    if (selector.object == "watchdog" && (on_pipes(rules) || !selector.everyone()))
        return "it applies a watchdog to every peer";
    if (selector.object == "operational" && on_pipes(rules))
        return "it ignores operational messages that name peers";
    return {};
}

}  // namespace

SelectorCheck check_selector(const DialectRules& rules, const PeerSelector& selector) {
    if (const auto why = ignores_selectors(rules, selector); !why.empty())
        return {fmt::format("{} cannot limit '{} {}' to '{}': {}", version_of(rules),
                            selector.action, selector.object, shortened(selector.text, 80), why)};
    if (has_filtered_star(selector)) return {{}, true};
    // 4.2.22 and later apply it to every peer; 4.2.21 answers error.
    if (on_pipes(rules) && selector.everyone() && !selector.peer && !selector.bracketed) return {};
    if (!accepts(rules.selectors, selector))
        return {fmt::format("{} does not support '{}'{}", version_of(rules),
                            shortened(selector.text, 80), advice(rules, selector, selector.terms))};
    // On 4.2 and 5.0, peers that connect from a range have their own sessions, but no routes.
    return {{}, !selector.everyone() && (selector.for_routes() || !on_pipes(rules))};
}

std::string check_peers(const DialectRules& rules, const PeerSelector& selector,
                        const ConfiguredPeers& peers) {
    const auto meant = peers.meant_by(selector.terms);
    if (!meant.nobody.empty()) {
        std::vector<std::string> nobody;
        for (const PeerTerm* term : meant.nobody)
            if (nobody.size() < shown) nobody.push_back(term->text());
        const std::string more = meant.nobody.size() > shown
                                     ? fmt::format(" and {} more", meant.nobody.size() - shown)
                                     : "";
        return fmt::format("no peer of ExaBGP matches '{}'{}; {}", fmt::join(nobody, "', '"), more,
                           list_of(peers));
    }
    if (has_filtered_star(selector))
        return fmt::format("ExaBGP ignores filters after '*' and would reach every peer{}",
                           advice(rules, selector, without_stars(selector.terms, peers)));
    return {};
}

bool exabgp_checks(const DialectRules& rules, const PeerSelector& selector) {
    const bool by_neighbor = !selector.peer && !selector.bracketed;
    return selector.for_routes() && rules.dialect != Dialect::V6 && by_neighbor &&
           selector.terms.size() == 1 && !has_filtered_star(selector);
}

}  // namespace exapulse
