// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/routes_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

std::string owner_of(const json& route) {
    const std::string user = text_field(route, "user").value_or("");
    return user.empty() ? number_or_dash(route, "uid") : user;
}

bool is_kept(const json& route) {
    return flag_field(route, "kept").value_or(false);
}

bool is_withdrawn(const json& route) {
    return flag_field(route, "withdrawn").value_or(false);
}

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

}  // namespace

bool fits(const json& route, const RoutesOptions& options) {
    if (options.kept && !is_kept(route)) return false;
    if (options.owner && owner_of(route) != *options.owner &&
        number_or_dash(route, "uid") != *options.owner)
        return false;
    const std::string peers = text_field(route, "peers").value_or("");
    if (options.peer && peers != "*" && !names(peers, *options.peer)) return false;
    return !options.prefix ||
           text_field(route, "route").value_or("").find(*options.prefix) != std::string::npos;
}

void RoutesTable::add(const json& route, Time now) {
    if (!is_withdrawn(route)) {
        ++routes_;
        if (is_kept(route)) ++kept_;
    }
    table_.add({text_field(route, "route").value_or("?"), text_field(route, "peers").value_or("?"),
                owner_of(route), since_text(time_field(route, "since"), now),
                is_kept(route) ? "yes" : "no", text_field(route, "command").value_or("?")});
}

std::string RoutesTable::text(const Style& style) const {
    const std::string count = fmt::format("{}, {} of them kept", counted(routes_, "route"), kept_);
    return table_.text(style) + "\n" + style.paint(Colour::Dim, count);
}

}  // namespace exapulse::client
