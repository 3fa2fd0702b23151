// SPDX-License-Identifier: BSD-3-Clause
// IpPrefix: a range of addresses, IPv4 or IPv6. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/ip_address.hpp"

namespace exapulse {

struct IpPrefix {
    IpAddress first;
    int length = 0;

    /// "192.0.2.0/24"; without a length it is one address. nullopt for any other text, and where
    /// a bit is set after the length.
    [[nodiscard]] static std::optional<IpPrefix> parse(std::string_view text);

    /// The same, but bits after the length are cleared, as ExaBGP does.
    [[nodiscard]] static std::optional<IpPrefix> parse_with_host_bits(std::string_view text);
    /// "192.0.2.0/24", "2001:db8::/32": one text for each prefix.
    [[nodiscard]] std::string text() const;

    /// Whether every address of `other` is one of this.
    [[nodiscard]] bool contains(const IpPrefix& other) const;

    /// Within 224.0.0.0/4. `announce route` makes it a route of the family multicast, as
    /// IP.tosafi() in ExaBGP's protocol/ip has it, which knows no IPv6 multicast.
    [[nodiscard]] bool is_multicast() const {
        return first.bits == 32 && first.bytes[0] >> 4 == 14;
    }
};

}  // namespace exapulse
