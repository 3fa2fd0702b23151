// SPDX-License-Identifier: BSD-3-Clause
// Random identifiers: UUIDs and tokens that nobody else has used.
#pragma once

#include <string>

namespace exapulse {

/// A random UUID (RFC 4122, version 4).
[[nodiscard]] std::string random_uuid();

/// A word, "exapulse-" and 32 hexadecimal digits: it is neither a number nor `json` for ExaBGP.
[[nodiscard]] std::string random_token();

}  // namespace exapulse
