// SPDX-License-Identifier: BSD-3-Clause
// The configuration file: parses TOML into a Config.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace exapulse {

/// Overwrites the defaults in `config` with the settings in `path`. Throws ConfigError,
/// "FILE:LINE:COLUMN: KEY ...", for unknown tables and keys, wrong types and values out of range,
/// and for a missing file unless `optional`.
void load_config(const std::string& path, bool optional, Config& config);

/// The same for text in memory; errors give `name` as the file.
void parse_config(std::string_view text, const std::string& name, Config& config);

}  // namespace exapulse
