// SPDX-License-Identifier: BSD-3-Clause
// `exapulse check`: the health of ExaBGP as a monitoring plugin tells it, exit code included.
#pragma once

#include "client/arguments.hpp"
#include "client/exit_code.hpp"

namespace exapulse::client {

[[nodiscard]] int check_command(const Arguments& arguments, const CheckOptions& options);

}  // namespace exapulse::client
