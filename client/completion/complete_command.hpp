// SPDX-License-Identifier: BSD-3-Clause
// `exapulse complete`: what the shells' completions ask.
#pragma once

#include <string>
#include <vector>

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

/// What shells ask when TAB is pressed.
struct CompleteOptions {
    std::vector<std::string> words;  // of the command line, the last one is being typed
};

[[nodiscard]] Action complete_command(const SubcommandWords& words);

}  // namespace exapulse::client
