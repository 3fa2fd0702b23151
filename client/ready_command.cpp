// SPDX-License-Identifier: BSD-3-Clause
#include "client/ready_command.hpp"

#include <stdexcept>

namespace exapulse::client {

int ready_command(const Arguments& /*arguments*/, const ReadyOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
