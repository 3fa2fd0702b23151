// SPDX-License-Identifier: BSD-3-Clause
// Random identifiers: unique UUIDs and tokens.
#pragma once

#include <string>

namespace exapulse {

/// A random UUID (RFC 4122, version 4).
[[nodiscard]] std::string random_uuid();

/// A word, "exapulse-" and 32 hexadecimal digits, which ExaBGP reads neither as a number nor as
/// `json`.
[[nodiscard]] std::string random_token();

}  // namespace exapulse
