// SPDX-License-Identifier: BSD-3-Clause
#include "client/kill_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode kill_command(const Arguments& /*arguments*/, const KillOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
