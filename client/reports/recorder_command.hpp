// SPDX-License-Identifier: BSD-3-Clause
// `exapulse recorder`: what exapulsed and ExaBGP said to each other last.
#pragma once

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct RecorderOptions {
    bool json = false;
};

[[nodiscard]] Action recorder_command(const SubcommandWords& words);

}  // namespace exapulse::client
