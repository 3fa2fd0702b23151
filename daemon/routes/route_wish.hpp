// SPDX-License-Identifier: BSD-3-Clause
// RouteWish: what a client asks for the routes that it announces. Pure.
#pragma once

#include <string>

#include "daemon/routes/leases.hpp"

namespace exapulse {

struct RouteWish {
    bool keep = false;      ///< they come back after a restart of ExaBGP
    LeaseNumber lease = 0;  ///< they are kept until this lease is over; 0: until they are withdrawn
    std::string owner{};    ///< a name beside that of the user; empty: none
    friend bool operator==(const RouteWish&, const RouteWish&) = default;
};

}  // namespace exapulse
