// SPDX-License-Identifier: BSD-3-Clause
#include "client/uptime_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode uptime_command(const Arguments& /*arguments*/, const UptimeOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
