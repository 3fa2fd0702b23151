// SPDX-License-Identifier: BSD-3-Clause
// IpAddress: the address of a peer or of a prefix, IPv4 or IPv6. Pure.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace exapulse {

struct IpAddress {
    int bits = 0;                           ///< 32 or 128
    std::array<unsigned char, 16> bytes{};  ///< zeros after those of IPv4

    /// nullopt where inet_pton(3) refuses the text.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

[[nodiscard]] bool is_address(std::string_view text);

/// A range of addresses that one neighbor in ExaBGP's configuration covers: 192.0.2.0/24.
[[nodiscard]] bool is_address_range(std::string_view text);

/// Whether two texts are the same address, however spelled; other texts are compared as they are.
[[nodiscard]] bool same_address(std::string_view a, std::string_view b);

}  // namespace exapulse
