// SPDX-License-Identifier: BSD-3-Clause
// RouteMandate: who wants a route announced, to which peers, and for how long. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/routes/leases.hpp"

namespace exapulse {

/// Who announced a route.
struct RouteOwner {
    std::uint32_t uid = 0;
    std::string user{};
    std::string name{};  ///< that the client gave; empty: none
    friend auto operator<=>(const RouteOwner&, const RouteOwner&) = default;
};

/// Routes that one client announces after another have equal ones, and share it.
struct RouteMandate {
    std::string peers{};  ///< as RouteChange has them
    RouteOwner owner{};
    LeaseNumber lease = 0;                    ///< 0: until it is withdrawn
    std::optional<LeaseTerms> lease_terms{};  ///< of the lease
    friend auto operator<=>(const RouteMandate&, const RouteMandate&) = default;
};

}  // namespace exapulse
