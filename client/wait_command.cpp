// SPDX-License-Identifier: BSD-3-Clause
#include "client/wait_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode wait_command(const Arguments& /*arguments*/, const WaitOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
