// SPDX-License-Identifier: BSD-3-Clause
// ExaBGP's environment file (exabgp.env): what it says about the names of socket and pipes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// exabgp.api.socketname and exabgp.api.pipename; nullopt where the file does not set them.
struct ExabgpNames {
    std::optional<std::string> socket;
    std::optional<std::string> pipes;

    bool operator==(const ExabgpNames&) const = default;
};

/// Reads the text as ExaBGP does, with Python's ConfigParser: sections in brackets, NAME = VALUE or
/// NAME : VALUE with names in any case, lines that begin with # or ; left out, lines with more
/// indentation belonging to the value before them. ExaBGP refuses a file with two values for one
/// name; here the last counts.
[[nodiscard]] ExabgpNames names_in_env_file(std::string_view text);

/// A value as ExaBGP takes it, from the file and from a variable alike: without spaces and quotes
/// around it.
[[nodiscard]] std::string unquoted(std::string_view value);

}  // namespace exapulse
