// SPDX-License-Identifier: BSD-3-Clause
// The peers that a line names: whatever grammar it is spelled in, they stay the same peers.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/exabgp_spelling.hpp"
#include "common/peer_selector.hpp"
#include "common/words.hpp"
#include "daemon/commands/line_check.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::is_inside;
using fuzz::require;

namespace {

constexpr std::array grammars{SelectorGrammar::Neighbor, SelectorGrammar::Either,
                              SelectorGrammar::Peer};

bool reaches_everyone(const std::vector<PeerTerm>& terms) {
    return std::any_of(terms.begin(), terms.end(),
                       [](const auto& term) { return term.everyone(); });
}

bool same_peers(const std::vector<PeerTerm>& a, const std::vector<PeerTerm>& b) {
    if (reaches_everyone(a) || reaches_everyone(b))
        return reaches_everyone(a) && reaches_everyone(b);
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& one, const auto& other) {
                          return one.address == other.address && one.filters == other.filters;
                      });
}

void parts_of(std::string_view line, const PeerSelector& selector) {
    require(!selector.terms.empty() && selector.terms.size() <= most_selector_terms,
            "it names at least one peer, and no more than the limit");
    for (const PeerTerm& term : selector.terms) {
        require(!term.address.empty() && is_inside(term.address, line),
                "addresses are of the line");
        for (const auto& [filter, value] : term.filters)
            require(!value.empty() && is_inside(value, line) &&
                        parse_peer_filter(name_of(filter)) == filter,
                    "a filter has a name and a value");
    }
    require(is_inside(selector.text, line) && is_inside(selector.command, line) &&
                selector.command.starts_with(selector.action) &&
                selector.text.data() + selector.text.size() <= selector.command.data(),
            "the command follows the selector");
}

/// Put before an action, the peers as spelled in each grammar are read back.
void spelled_anew(const PeerSelector& selector) {
    for (const SelectorGrammar grammar : grammars) {
        const auto start = spelled(grammar, selector.terms);
        if (!start) continue;
        if (start->empty()) {
            require(reaches_everyone(selector.terms), "only everyone needs no words");
            continue;
        }
        const std::string line = *start + " announce route";
        const auto again = read_selector(line).selector;
        require(again.has_value() && again->action == "announce", "a spelling can be read");
        require(same_peers(again->terms, selector.terms), "a spelling names the same peers");
        // 4.2 and 5.0 have no word for everyone, so nothing to accept.
        require(accepts(grammar, *again), "a spelling is accepted in its own grammar");
    }
}

/// A line as another ExaBGP would have it does the same to the same peers.
void respelled_line(std::string_view line, const PeerSelector& selector) {
    if (!selector.for_routes()) return;
    for (const std::string_view dialect : {"4.2", "5.0", "v4", "v6"}) {
        const auto other = respelled(line, dialect);
        if (!other) continue;
        const auto again = read_selector(*other).selector;
        if (again) {
            require(same_peers(again->terms, selector.terms), "respelled for the same peers");
            require(words(again->command) == words(selector.command), "with the same command");
        } else {
            require(reaches_everyone(selector.terms), "only everyone needs no selector");
            require(words(*other) == words(selector.command), "with the same command");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line = fuzz::text_of(data, size);
    if (line.find('\n') != line.npos) return 0;  // the framer's
    if (!harm_in(line).empty()) return 0;        // refused before its selector is read
    const SelectorReading reading = read_selector(line);
    require(!reading.selector || reading.problem.empty(), "it is read, or there is a problem");
    if (!reading.selector) return 0;
    parts_of(line, *reading.selector);
    spelled_anew(*reading.selector);
    respelled_line(line, *reading.selector);
    return 0;
}
