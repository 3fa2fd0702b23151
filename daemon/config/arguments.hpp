// SPDX-License-Identifier: BSD-3-Clause
// Arguments: exapulsed's command line, and the configuration that follows from it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.hpp"

namespace exapulse {

enum class Action { Serve, CheckConfig, PrintConfig, Exit };

struct Arguments {
    Action action = Action::Serve;
    int exit_code = 0;  ///< for Action::Exit: help, version or usage error, already printed
    std::string config_path{default_config_path};
    bool config_named = false;  ///< by --config or --instance: then the file must exist
    std::string as_user;  ///< for Action::CheckConfig: whose rights are explained; empty: nobody's
    std::string as_command;  ///< and for which line; empty: in general
    std::string instance;    ///< empty: the only one on the host
    /// Keys set by flags, with the flag and its text; they override the file, also at reloads.
    struct Override {
        std::string key, flag, text;
    };
    std::vector<Override> overrides;
};

[[nodiscard]] Arguments parse_arguments(int argc, char** argv);

/// The defaults (those of the instance, if any), overridden by the file and then by the flags.
/// Throws ConfigError.
[[nodiscard]] Config effective_config(const Arguments& arguments);

}  // namespace exapulse
