// SPDX-License-Identifier: BSD-3-Clause
// Where an ExaBGP has its socket and its pipes. Pure.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace exapulse {

/// The folders that an ExaBGP installed below `root` ("" for the system's) searches as `uid`.
[[nodiscard]] std::vector<std::string> exabgp_folders(const std::string& root, uid_t uid);

}  // namespace exapulse
