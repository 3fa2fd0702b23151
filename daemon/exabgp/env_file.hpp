// SPDX-License-Identifier: BSD-3-Clause
// ExaBGP's environment file (exabgp.env): the names of socket and pipes in it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// exabgp.api.socketname and exabgp.api.pipename; nullopt if the file does not set them.
struct ExabgpNames {
    std::optional<std::string> socket;
    std::optional<std::string> pipes;

    bool operator==(const ExabgpNames&) const = default;
};

/// Parses the text as ExaBGP does, with Python's ConfigParser: sections in brackets, NAME = VALUE
/// or NAME : VALUE with names in any case; lines that begin with # or ; are ignored, and lines with
/// more indentation continue the previous value. ExaBGP refuses a file with two values for one
/// name; here the last one counts.
[[nodiscard]] ExabgpNames names_in_env_file(std::string_view text);

/// A value as ExaBGP uses it, from the file or from a variable: without surrounding spaces and
/// quotes.
[[nodiscard]] std::string unquoted(std::string_view value);

}  // namespace exapulse
