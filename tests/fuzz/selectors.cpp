// SPDX-License-Identifier: BSD-3-Clause
// Selectors: what is read can be written for each ExaBGP, and read back as the same peers.
#include <cstddef>
#include <string>

#include "common/ip_address.hpp"
#include "common/peer_selector.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::is_inside;
using fuzz::require;

namespace {

void round_trip(SelectorGrammar grammar, const PeerSelector& selector) {
    const auto spelling = spelled(grammar, selector.terms);
    if (!spelling || spelling->empty()) return;
    // `peer` is followed by addresses only; who asks for a spelling has looked.
    for (const PeerTerm& term : selector.terms)
        if (!term.any_address() && !is_address(term.address) && !is_address_range(term.address))
            return;
    const std::string line = *spelling + " " + std::string(selector.action);
    const auto again = read_selector(line);
    require(again.selector.has_value() && again.problem.empty(), "a spelling is a selector");
    require(accepts(grammar, *again.selector), "which this ExaBGP takes");
    require(again.selector->action == selector.action, "the command follows it");
    require(again.selector->terms.size() == selector.terms.size(), "it has as many terms");
    for (std::size_t i = 0; i < selector.terms.size(); ++i)
        require(again.selector->terms[i].text() == selector.terms[i].text(), "and the same ones");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line = fuzz::text_of(data, size);
    const auto reading = read_selector(line);
    if (!reading.selector) return 0;
    const PeerSelector& selector = *reading.selector;
    require(!selector.terms.empty() && selector.terms.size() <= most_selector_terms,
            "a selector names somebody, and not too many");
    for (const std::string_view part :
         {selector.text, selector.command, selector.action, selector.object})
        require(is_inside(part, line), "its parts are in the line");
    require(!selector.action.empty(), "a selector has an action behind it");
    for (const PeerTerm& term : selector.terms) {
        require(is_inside(term.address, line), "addresses are in the line");
        for (const auto& [filter, value] : term.filters)
            require(is_inside(value, line) && parse_peer_filter(name_of(filter)) == filter,
                    "filters are in the line");
    }
    if (!reading.problem.empty()) return 0;
    for (const auto grammar :
         {SelectorGrammar::Neighbor, SelectorGrammar::Either, SelectorGrammar::Peer})
        round_trip(grammar, selector);
    return 0;
}
