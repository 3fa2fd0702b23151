// SPDX-License-Identifier: BSD-3-Clause
// The directories in which an ExaBGP has its socket and its pipes. Pure.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace exapulse {

/// The directories that an ExaBGP installed below `root` ("" for the system's) searches as `uid`.
[[nodiscard]] std::vector<std::string> exabgp_folders(const std::string& root, uid_t uid);

}  // namespace exapulse
