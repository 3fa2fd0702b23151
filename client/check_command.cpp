// SPDX-License-Identifier: BSD-3-Clause
#include "client/check_command.hpp"

#include <stdexcept>

namespace exapulse::client {

int check_command(const Arguments& /*arguments*/, const CheckOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
