// SPDX-License-Identifier: BSD-3-Clause
// Rights: who may do what with a file, in words for whoever has to fix it.
#pragma once

#include <string>

namespace exapulse {

/// Says which file or folder on the way to `path` keeps this process from it, its mode and owner,
/// and the drop-in that fixes it. `access` as for access(2): what was wanted of the file itself.
[[nodiscard]] std::string describe_missing_rights(const std::string& path, int access);

}  // namespace exapulse
