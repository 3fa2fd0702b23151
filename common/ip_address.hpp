// SPDX-License-Identifier: BSD-3-Clause
// Addresses of peers, IPv4 and IPv6, as text. Pure.
#pragma once

#include <string_view>

namespace exapulse {

[[nodiscard]] bool is_address(std::string_view text);

/// A range of addresses with one neighbor in ExaBGP's configuration, 192.0.2.0/24.
[[nodiscard]] bool is_address_range(std::string_view text);

/// Whether two texts are the same address, however it is spelled; any other text must be equal.
[[nodiscard]] bool same_address(std::string_view a, std::string_view b);

}  // namespace exapulse
