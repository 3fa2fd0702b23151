// SPDX-License-Identifier: BSD-3-Clause
#include "client/view/peers_count.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json_fields.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

bool is_established(const nlohmann::json& peer) {
    return text_field(peer, "state") == peer_established;
}

std::string peers_count(const nlohmann::json& peers) {
    return fmt::format("{} of {} established",
                       std::count_if(peers.begin(), peers.end(), is_established),
                       counted(peers.size(), "peer"));
}

}  // namespace exapulse::client
