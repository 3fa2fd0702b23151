// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_key.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::string_view;
using Parts = std::vector<string_view>;

struct KindOfPrefix {
    string_view kind, safi;
};
constexpr std::array kinds_of_prefixes{KindOfPrefix{"unicast", "unicast"},
                                       KindOfPrefix{"label", "nlri-mpls"},
                                       KindOfPrefix{"vpn", "mpls-vpn"}};

const KindOfPrefix* kind_of_prefix(string_view kind) {
    const auto found = std::find_if(kinds_of_prefixes.begin(), kinds_of_prefixes.end(),
                                    [&](const KindOfPrefix& one) { return one.kind == kind; });
    return found == kinds_of_prefixes.end() ? nullptr : &*found;
}

bool is_multicast(const IpPrefix& prefix) {
    return prefix.first.bits == 32 && prefix.first.bytes[0] >> 4 == 14;
}

/// Whether all after the prefix is known to be shown as it was announced.
bool known_parts(const Parts& parts) {
    for (std::size_t i = 2; i < parts.size(); i += 2)
        if ((parts[i] != "path-information" && parts[i] != "rd") || i + 1 == parts.size())
            return false;
    return true;
}

bool names_afi(string_view word) {
    return word == "ipv4" || word == "ipv6" || word == "l2vpn";
}

}  // namespace

std::string RouteKey::family() const {
    const KindOfPrefix* known = kind_of_prefix(kind);
    if (known == nullptr || !prefix) return {};
    const string_view safi =
        kind == "unicast" && is_multicast(*prefix) ? string_view("multicast") : known->safi;
    return std::string(prefix->first.bits == 32 ? "ipv4 " : "ipv6 ").append(safi);
}

RouteKey key_of(string_view nlri) {
    const Parts parts = words(nlri);
    if (parts.empty()) return {};
    if (kind_of_prefix(parts[0]) != nullptr && parts.size() > 1) {
        RouteKey key{std::string(parts[0]), {}, known_parts(parts), IpPrefix::parse(parts[1])};
        key.exact = key.exact && key.prefix;
        key.group = key.kind + ' ' + std::string(parts[1]);
        return key;
    }
    const bool second = names_afi(parts[0]) && parts.size() > 1;
    std::string kind(parts[second ? 1 : 0]);
    const bool distinguished = std::find(parts.begin(), parts.end(), "rd") != parts.end();
    if (kind == "flow" && distinguished) kind = "flow-vpn";
    return {kind, kind, kind == "vpls"};
}

bool has_kind(string_view family, string_view kind) {
    const KindOfPrefix* known = kind_of_prefix(kind);
    if (kind == "unicast" && family.ends_with(" multicast")) return true;
    return family.ends_with(' ' + std::string(known == nullptr ? kind : known->safi));
}

}  // namespace exapulse::client
