// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_filter.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

/// Whether `list`, separated by commas, has a peer with this address.
bool names(std::string_view list, std::string_view address) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        const std::string_view peer = list.substr(0, end);
        if (peer.substr(0, peer.find(' ')) == address) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool is_of(const json& route, const std::string& owner) {
    return text_field(route, "user") == owner || text_field(route, "name") == owner ||
           number_or_dash(route, "uid") == owner;
}

}  // namespace

bool RouteFilter::fits(const json& route) const {
    if (kept && !flag_field(route, "kept").value_or(false)) return false;
    if (remembered && !flag_field(route, "gone").value_or(false)) return false;
    if (owner && !is_of(route, *owner)) return false;
    const std::string peers = text_field(route, "peers").value_or("");
    if (peer && peers != "*" && !names(peers, *peer)) return false;
    return !prefix || text_field(route, "route").value_or("").find(*prefix) != std::string::npos;
}

bool is_certain(const json& route) {
    return !flag_field(route, "gone").value_or(false) &&
           !flag_field(route, "uncertain").value_or(false);
}

std::string owner_text(const json& route) {
    const std::string user = text_field(route, "user").value_or("");
    std::string text = user.empty() ? number_or_dash(route, "uid") : user;
    if (const auto name = text_field(route, "name")) text += fmt::format(" ({})", *name);
    return text;
}

}  // namespace exapulse::client
