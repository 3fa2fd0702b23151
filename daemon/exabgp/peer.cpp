// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/peer.hpp"

#include <algorithm>

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

/// Whether `text` has at most `most` characters, each a letter, a digit or one of `others`.
bool consists_of(std::string_view text, std::size_t most, std::string_view others) {
    return text.size() <= most && std::all_of(text.begin(), text.end(), [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      others.find(c) != others.npos;
           });
}

/// An IPv4 or IPv6 address, which may have a zone, or a range of them.
bool is_address(std::string_view text) {
    return consists_of(text, Peer::longest_address, ".:/%_-");
}

}  // namespace

bool is_plausible(const Peer& peer) {
    return !peer.address.empty() && is_address(peer.address) && is_address(peer.local_address) &&
           !peer.state.empty() && consists_of(peer.state, Peer::longest_state, "_-") &&
           peer.name.size() <= Peer::longest_name &&
           std::all_of(peer.name.begin(), peer.name.end(),
                       [](char c) { return c >= ' ' && c <= '~'; });
}

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
