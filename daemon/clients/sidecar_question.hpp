// SPDX-License-Identifier: BSD-3-Clause
// SidecarQuestion: a line `sidecar ...`, as the handler of its verb gets it.
#pragma once

#include <cstddef>

#include "common/protocol.hpp"
#include "daemon/clients/client_session.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

struct SidecarQuestion {
    ClientSession& asker;
    Words arguments;    ///< the words after the verb
    std::size_t bytes;  ///< of the line
    Role needed;        ///< the least that may use the verb
};

}  // namespace exapulse
