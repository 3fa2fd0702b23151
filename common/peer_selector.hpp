// SPDX-License-Identifier: BSD-3-Clause
// PeerSelector: the peers that a command names, and how each ExaBGP spells that. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exapulse {

/// What may follow an address in a selector, in the order of ExaBGP's names of peers.
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

/// Which selectors an ExaBGP takes.
enum class SelectorGrammar {
    Neighbor,  ///< 4.2 and 5.0: `neighbor A, neighbor B announce ...`; a `*` only from 4.2.22 on
    Either,    ///< 6.0 with the v4 API: that of both
    Peer,      ///< 6.0 with the v6 API: `peer A ...`, `peer [A, B] ...`, `peer * ...`
};

/// A command that begins with `neighbor` or `peer` and a selector. Views into the line.
struct PeerSelector {
    std::vector<PeerTerm> terms;  ///< never empty; the peers of any of them are meant
    bool peer = false;            ///< the word is `peer`, not `neighbor`
    bool bracketed = false;
    bool trailing_comma = false;  ///< `neighbor A, announce ...`
    std::string_view text;        ///< the selector itself, with `neighbor` or `peer`
    std::string_view command;     ///< what follows it
    std::string_view action;      ///< the first word of that
    std::string_view object;      ///< the second one; empty: none

    [[nodiscard]] bool everyone() const { return terms.size() == 1 && terms[0].everyone(); }
    [[nodiscard]] bool for_routes() const { return action == "announce" || action == "withdraw"; }
};

/// One command may not name more peers and filters: ExaBGP compares each with each of its peers.
inline constexpr std::size_t most_selector_terms = 256;

struct SelectorReading {
    std::optional<PeerSelector> selector;  ///< nullopt: none, or not a valid one
    std::string problem;  ///< not empty: it looks like a selector, and ExaBGP would misread it
};

/// Splits words as ExaBGP does. A line without an action after the selector has none: every
/// ExaBGP says error to it. Reads no more of `line` than the selector.
[[nodiscard]] SelectorReading read_selector(std::string_view line);

/// Whether ExaBGP takes the selector as it is written, and for exactly the peers it names, provided
/// that each term names a peer that exists.
[[nodiscard]] bool takes(SelectorGrammar grammar, const PeerSelector& selector);

/// These peers in another grammar, to be put before the action; may be empty, for everyone. nullopt
/// where no ExaBGP can say it: each of them ignores the filters after a `*`.
[[nodiscard]] std::optional<std::string> spelled(SelectorGrammar grammar,
                                                 const std::vector<PeerTerm>& terms);

}  // namespace exapulse
