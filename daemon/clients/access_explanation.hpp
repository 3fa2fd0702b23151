// SPDX-License-Identifier: BSD-3-Clause
// AccessExplanation: what `exapulsed --check-config --as USER COMMAND` says.
#pragma once

#include <string>

#include "daemon/access/access_lists.hpp"
#include "daemon/config/config.hpp"

namespace exapulse {

struct AccessExplanation {
    std::string text;  ///< lines, each with its LF
    bool allowed = true;
};

/// Of a user as after a new login; `command` may be empty. Throws ConfigError when there is no
/// such user.
[[nodiscard]] AccessExplanation explain_access(const Config& config, AccessLists access,
                                               const std::string& user, const std::string& command);

}  // namespace exapulse
