// SPDX-License-Identifier: BSD-3-Clause
// Explains missing file permissions to the operator.
#pragma once

#include <string>

namespace exapulse {

/// Names the file or directory on the way to `path` that denies access to this process, its mode
/// and owner, and the drop-in that fixes it. `access`, as for access(2), is what the process needs
/// to do with the file itself.
[[nodiscard]] std::string describe_missing_rights(const std::string& path, int access);

}  // namespace exapulse
