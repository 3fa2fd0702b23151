// SPDX-License-Identifier: BSD-3-Clause
// The table of `exapulse peers`.
#include "client/reports/peers_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "client/view/peers_count.hpp"
#include "client/view/table.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

using nlohmann::json;

std::string peers_text(const json& peers, const Style& style,
                       std::chrono::system_clock::time_point now) {
    if (peers.empty()) return "ExaBGP has no peers; is a neighbor in its configuration?";
    Table table({"Peer", "AS", "State", "Since", "Sent", "Received", "Prefixes"});
    for (const json& peer : peers)
        table.add({text_field(peer, "address").value_or("?"), number_or_dash(peer, "as"),
                   text_field(peer, "state").value_or("?"),
                   since_text(time_field(peer, "since"), now), number_or_dash(peer, "sent"),
                   number_or_dash(peer, "received"), number_or_dash(peer, "prefixes")});
    const bool all = std::all_of(peers.begin(), peers.end(), is_established);
    return table.text(style) + "\n" +
           style.paint(all ? Colour::Good : Colour::Warning, peers_count(peers));
}

}  // namespace exapulse::client
