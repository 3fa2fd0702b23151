// SPDX-License-Identifier: BSD-3-Clause
#include "client/clients_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode clients_command(const Arguments& /*arguments*/, const ClientsOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
