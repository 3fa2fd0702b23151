// SPDX-License-Identifier: BSD-3-Clause
// Arguments: exapulsed's command line, and the configuration that results from it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.hpp"

namespace exapulse {

enum class Action { Serve, CheckConfig, PrintConfig, Exit };

struct Arguments {
    Action action = Action::Serve;
    int exit_code = 0;  ///< for Action::Exit: --help, --version or wrong usage, already said
    std::string config_path{default_config_path};
    bool config_named = false;  ///< by --config or --instance: then the file must be there
    std::string instance;       ///< empty: the only one of the host
    /// Keys that flags set, with the flag and its text; they stand above the file, at reloads too.
    struct Override {
        std::string key, flag, text;
    };
    std::vector<Override> overrides;
};

[[nodiscard]] Arguments parse_arguments(int argc, char** argv);

/// Defaults, an instance's own ones, then the file, then the flags. Throws ConfigError.
[[nodiscard]] Config effective_config(const Arguments& arguments);

}  // namespace exapulse
