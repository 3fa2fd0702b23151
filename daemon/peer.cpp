// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/peer.hpp"

#include <nlohmann/json.hpp>

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

}  // namespace exapulse
