// SPDX-License-Identifier: BSD-3-Clause
// IP addresses of peers as text, IPv4 and IPv6. Pure.
#pragma once

#include <string_view>

namespace exapulse {

[[nodiscard]] bool is_address(std::string_view text);

/// A range of addresses that one neighbor in ExaBGP's configuration covers: 192.0.2.0/24.
[[nodiscard]] bool is_address_range(std::string_view text);

/// Whether two texts are the same address, however spelled; other texts are compared as they are.
[[nodiscard]] bool same_address(std::string_view a, std::string_view b);

}  // namespace exapulse
