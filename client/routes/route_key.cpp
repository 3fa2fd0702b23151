// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_key.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "client/routes/shown_text.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::string_view;
using Parts = std::vector<string_view>;

struct KindOfPrefix {
    string_view kind, safi;
};
constexpr std::array kinds_of_prefixes{
    KindOfPrefix{"unicast", "unicast"}, KindOfPrefix{"multicast", "multicast"},
    KindOfPrefix{"label", "nlri-mpls"}, KindOfPrefix{"vpn", "mpls-vpn"}};

const KindOfPrefix* kind_of_prefix(string_view kind) {
    const auto found = std::find_if(kinds_of_prefixes.begin(), kinds_of_prefixes.end(),
                                    [&](const KindOfPrefix& one) { return one.kind == kind; });
    return found == kinds_of_prefixes.end() ? nullptr : &*found;
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

string_view afi_of(const IpPrefix& prefix) {
    return prefix.first.bits == 32 ? "ipv4" : "ipv6";
}

RouteKey key_of_prefix(const KindOfPrefix& known, string_view nlri, const Parts& parts) {
    RouteKey key{std::string(known.kind), {}, std::string(nlri), known_parts(parts)};
    key.group = key.kind + ' ' + std::string(parts[1]);
    key.prefix = IpPrefix::parse(parts[1]);
    key.exact = key.exact && key.prefix;
    if (!key.prefix) return key;
    key.family = std::string(afi_of(*key.prefix)).append(" ").append(known.safi);
    return key;
}

/// The address family of a flow rule, which its prefixes show.
std::string family_of_flow(string_view kind, string_view text) {
    for (const string_view word : words(text))
        if (word.find('/') != word.npos)
            if (const auto prefix = IpPrefix::parse_with_host_bits(word))
                return std::string(afi_of(*prefix)).append(" ").append(kind);
    return {};
}

/// Whether this is how ExaBGP shows a route of mup or mcast-vpn.
bool is_shown_text(string_view word) {
    return word.starts_with("mup:") || word.starts_with("mvpn:");
}

/// The part that identifies the route: `mup:t1st::RD:PREFIX` of `mup:t1st::RD:PREFIX:TEID:...`.
string_view index_of(string_view shown) {
    if (!shown.starts_with("mup:t1st:")) return shown;
    return shown.substr(0, shown.find(':', std::min(shown.find('/'), shown.size())));
}

RouteKey key_of_rule(string_view nlri, const Parts& parts) {
    const bool by_family = names_afi(parts[0]) && parts.size() > 1;
    std::string kind(parts[by_family ? 1 : 0]), family;
    if (by_family) family = std::string(parts[0]).append(" ").append(kind);
    if (kind == "vpls") return {kind, kind, std::string(nlri), true, "l2vpn vpls"};
    if (family.empty() && kind.starts_with("flow")) family = family_of_flow(kind, nlri);
    std::string text = shown_text(nlri);
    if (is_shown_text(parts.back())) text = index_of(parts.back());
    if (is_shown_text(kind)) kind = kind.starts_with("mup:") ? "mup" : "mcast-vpn";
    // Its endpoint shows the address family.
    if (kind == "sr-policy") text = nlri.substr(nlri.find(kind));
    if (text.empty()) text = nlri;
    return {kind, kind, std::move(text), false, std::move(family)};
}

}  // namespace

RouteKey key_of(string_view nlri) {
    const Parts parts = words(nlri);
    if (parts.empty()) return {};
    const KindOfPrefix* known = kind_of_prefix(parts[0]);
    return known != nullptr && parts.size() > 1 ? key_of_prefix(*known, nlri, parts)
                                                : key_of_rule(nlri, parts);
}

bool has_kind(string_view family, string_view kind) {
    const KindOfPrefix* known = kind_of_prefix(kind);
    return family.ends_with(' ' + std::string(known == nullptr ? kind : known->safi));
}

}  // namespace exapulse::client
