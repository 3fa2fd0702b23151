// SPDX-License-Identifier: BSD-3-Clause
// IpPrefix: a range of addresses, IPv4 or IPv6. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "common/ip_address.hpp"

namespace exapulse {

struct IpPrefix {
    IpAddress first;
    int length = 0;

    /// "192.0.2.0/24"; without a length it is one address. nullopt for any other text, and where
    /// a bit is set after the length.
    [[nodiscard]] static std::optional<IpPrefix> parse(std::string_view text);

    /// Whether every address of `other` is one of this.
    [[nodiscard]] bool contains(const IpPrefix& other) const;
};

}  // namespace exapulse
