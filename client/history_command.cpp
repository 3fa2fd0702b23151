// SPDX-License-Identifier: BSD-3-Clause
#include "client/history_command.hpp"

#include <stdexcept>

namespace exapulse::client {

ExitCode history_command(const Arguments& /*arguments*/, const HistoryOptions& /*options*/) {
    throw std::logic_error("not there yet");
}

}  // namespace exapulse::client
