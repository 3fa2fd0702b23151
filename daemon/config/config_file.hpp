// SPDX-License-Identifier: BSD-3-Clause
// The configuration file: TOML in, a Config or a clear error out.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace exapulse {

/// Reads `path` over the defaults in `config`. Unknown tables and keys, wrong types and values out
/// of range throw ConfigError: "FILE:LINE:COLUMN: KEY ...". A file that is not there throws too,
/// unless `optional`.
void load_config(const std::string& path, bool optional, Config& config);

/// The same for text that is already here; `name` stands for the file in errors.
void parse_config(std::string_view text, const std::string& name, Config& config);

}  // namespace exapulse
