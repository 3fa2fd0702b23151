// SPDX-License-Identifier: BSD-3-Clause
#include "client/peers_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode peers_command(const Arguments& /*arguments*/, const PeersOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
