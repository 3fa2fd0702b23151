// SPDX-License-Identifier: BSD-3-Clause
// project_file(): a file of the source tree, which some tests compare with what the code does.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::test {

/// The path of `name`, as "packaging/exapulse.toml".
[[nodiscard]] std::string project_file(std::string_view name);

}  // namespace exapulse::test
