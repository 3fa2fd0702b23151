// SPDX-License-Identifier: BSD-3-Clause
// KnownInstance: the ExaBGP recorded by an earlier run of exapulsed. Pure.
#pragma once

#include <string>

#include "common/time.hpp"

namespace exapulse {

struct KnownInstance {
    std::string uuid;
    WallTime seen{};  ///< when it last answered
};

}  // namespace exapulse
