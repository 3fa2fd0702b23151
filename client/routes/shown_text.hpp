// SPDX-License-Identifier: BSD-3-Clause
// shown_text(): what ExaBGP shows of a route of mup or mcast-vpn. Pure.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::client {

/// `mup:isd::100:100:10.0.1.0/24` for `ipv4 mup mup-isd 10.0.1.0/24 rd 100:100`, as read_route()
/// writes it; for a t1st, only the part that identifies it. Empty for other families, and for a
/// route that is not understood. From __str__ in ExaBGP's bgp/message/update/nlri/mup and .../mvpn,
/// the same in 5.0 and 6.0; 4.2 has neither family.
[[nodiscard]] std::string shown_text(std::string_view nlri);

}  // namespace exapulse::client
