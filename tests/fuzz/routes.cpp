// SPDX-License-Identifier: BSD-3-Clause
// The routes that a command is about: the command that announces one, the command that withdraws
// it, and the command that the ledger keeps for it have the same key.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "client/routes/route_key.hpp"
#include "common/route_text.hpp"
#include "common/words.hpp"
#include "daemon/commands/line_check.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/routes/route_change.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

namespace {

/// ExaBGP accepts these words only at the end of a command.
bool waits_early(std::string_view line) {
    const auto all = words(line);
    const auto waits = std::find_if(all.begin(), all.end(), [](std::string_view word) {
        return word == "sync" || word == "async";
    });
    return all.end() - waits > 1;
}

/// Whether ExaBGP may accept it: only then does it enter the ledger.
bool may_be_done(const RouteChange& change) {
    const Request request(change.line);
    const Words command = command_words(request);
    constexpr std::array<std::string_view, 8> families{"route", "ipv4", "ipv6",       "flow",
                                                       "vpls",  "mup",  "attributes", "watchdog"};
    return command.size() > 2 && is_one_of(command[1], families);
}

/// The command that is kept for a route says the same of it as the line did.
void kept_command(const RouteChange& change) {
    const auto again = route_changes(Request(change.line));
    require(again.size() == 1, "the command of a route is about one route");
    require(again[0].nlri == change.nlri && again[0].peers == change.peers,
            "and about the same one, for the same peers");
    require(again[0].announces == change.announces, "and announces it, or does not");
}

void withdrawal(const RouteChange& change) {
    if (!change.announces) return;
    const std::string line = withdrawal_of(change.line);
    // `withdraw watchdog` is a state of the watchdog, and kept like an announcement.
    if (line.empty() || words(change.nlri)[0] == "watchdog") return;
    const auto withdrawn = route_changes(Request(line));
    require(withdrawn.size() == 1 && !withdrawn[0].announces, "what withdraws a route does that");
    require(withdrawn[0].nlri == change.nlri && withdrawn[0].peers == change.peers,
            "and no other, from the same peers");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line = fuzz::text_of(data, size);
    if (line.find('\n') != line.npos) return 0;  // the framer's
    if (!harm_in(line).empty()) return 0;        // refused before it is parsed
    if (waits_early(line)) return 0;
    for (const RouteChange& change : route_changes(Request(line))) {
        require(!words(change.nlri).empty(), "a route has a key");
        require(!client::key_of(change.nlri).kind.empty(), "and is of some kind");
        if (!may_be_done(change)) continue;
        kept_command(change);
        withdrawal(change);
    }
    return 0;
}
