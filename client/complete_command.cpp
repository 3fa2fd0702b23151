// SPDX-License-Identifier: BSD-3-Clause
#include "client/complete_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode complete_command(const Arguments& /*arguments*/, const CompleteOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
