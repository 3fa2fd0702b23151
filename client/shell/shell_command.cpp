// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/shell_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode shell_command(const Arguments& /*arguments*/, const ShellOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
