// SPDX-License-Identifier: BSD-3-Clause
// CommandLine: a line as ExaBGP splits it, and the command it finds in it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/exabgp/dialect.hpp"

namespace exapulse {

/// The words of `line` for every ExaBGP, as views into it: those between blanks, and those that
/// `formated()` in its configuration/core separates. `,` is a word of its own; `[` and `(` end a
/// word, `]` and `)` begin one. `x[a,b]y` has the words `x[`, `a`, `,`, `b` and `]y`.
[[nodiscard]] std::vector<std::string_view> tokens(std::string_view line);

/// ExaBGP's own normal form of a line, in which 4.2 and 5.0 look for commands: the tokens with
/// single spaces between them.
[[nodiscard]] std::string normalised(std::string_view line);

/// What ExaBGP of this dialect takes a normalised line for; empty when for none of its commands,
/// or when the dialect goes by the first words.
[[nodiscard]] std::string_view found_command(const DialectRules& rules, std::string_view line);

}  // namespace exapulse
