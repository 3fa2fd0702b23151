// SPDX-License-Identifier: BSD-3-Clause
// PeerSelector: the peers that a command names, and how each ExaBGP spells them. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exapulse {

/// What may follow an address in a selector, in the order in which ExaBGP names peers.
enum class PeerFilter { LocalIp, LocalAs, PeerAs, RouterId, FamilyAllowed };
inline constexpr std::size_t peer_filter_count = 5;

[[nodiscard]] std::string_view name_of(PeerFilter filter);
[[nodiscard]] std::optional<PeerFilter> parse_peer_filter(std::string_view word);

/// The peers with this address (`*`: any address) for which every filter holds.
struct PeerTerm {
    std::string_view address;
    std::vector<std::pair<PeerFilter, std::string_view>> filters{};

    [[nodiscard]] bool any_address() const { return address == "*"; }
    [[nodiscard]] bool everyone() const { return any_address() && filters.empty(); }
    [[nodiscard]] std::string text() const;  ///< "192.0.2.1 peer-as 65001"
};

/// Which selectors an ExaBGP accepts.
enum class SelectorGrammar {
    Neighbor,  ///< 4.2 and 5.0: `neighbor A, neighbor B announce ...`; `*` only since 4.2.22
    Either,    ///< 6.0 with the v4 API: both
    Peer,      ///< 6.0 with the v6 API: `peer A ...`, `peer [A, B] ...`, `peer * ...`
};

/// A command that begins with `neighbor` or `peer` and a selector. Views into the line.
struct PeerSelector {
    std::vector<PeerTerm> terms;  ///< never empty; selects the peers of each
    bool peer = false;            ///< the word is `peer`, not `neighbor`
    bool bracketed = false;
    bool trailing_comma = false;  ///< `neighbor A, announce ...`
    std::string_view text;        ///< the selector itself, with `neighbor` or `peer`
    std::string_view command;     ///< what follows it
    std::string_view action;      ///< its first word
    std::string_view object;      ///< its second word; empty if there is none

    [[nodiscard]] bool everyone() const { return terms.size() == 1 && terms[0].everyone(); }
    [[nodiscard]] bool for_routes() const { return action == "announce" || action == "withdraw"; }
};

/// A command may not have more addresses and filters: ExaBGP compares each with each of its peers.
inline constexpr std::size_t most_selector_terms = 256;

struct SelectorReading {
    std::optional<PeerSelector> selector;  ///< nullopt if there is none or it is invalid
    std::string problem;  ///< not empty if it looks like a selector but ExaBGP would misread it
};

/// Splits words as ExaBGP does. A selector without an action after it does not count: every ExaBGP
/// answers error to it. Reads no more of `line` than the selector.
[[nodiscard]] SelectorReading read_selector(std::string_view line);

/// Whether ExaBGP accepts the selector as written, and for exactly the peers it names, provided
/// that each term names an existing peer.
[[nodiscard]] bool accepts(SelectorGrammar grammar, const PeerSelector& selector);

/// These peers in another grammar, to be put before the action; may be empty, for every peer.
/// nullopt if it can't be expressed: every ExaBGP ignores filters after a `*`, and 6.0 reads `peer`
/// with what can't be an address as another command.
[[nodiscard]] std::optional<std::string> spelled(SelectorGrammar grammar,
                                                 const std::vector<PeerTerm>& terms);

}  // namespace exapulse
