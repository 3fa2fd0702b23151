// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/peer.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

template <typename Number>
ordered_json or_null(const std::optional<Number>& number) {
    return number ? ordered_json(*number) : ordered_json(nullptr);
}

}  // namespace

ordered_json json_of(const Peer& peer) {
    return {{"address", peer.address},
            {"as", or_null(peer.as)},
            {"local_address",
             peer.local_address.empty() ? ordered_json(nullptr) : ordered_json(peer.local_address)},
            {"local_as", or_null(peer.local_as)},
            {"state", peer.state},
            {"since", peer.since ? ordered_json(format_time(*peer.since)) : ordered_json(nullptr)},
            {"sent", or_null(peer.sent)},
            {"received", or_null(peer.received)},
            {"prefixes", or_null(peer.prefixes)}};
}

ordered_json json_of(const std::vector<Peer>& peers) {
    ordered_json list = ordered_json::array();
    for (const Peer& peer : peers) list.push_back(json_of(peer));
    return list;
}

std::string format_peers(const std::vector<Peer>& peers, WallTime time) {
    return json_text(ordered_json{{"time", format_time(time)}, {"peers", json_of(peers)}});
}

}  // namespace exapulse
