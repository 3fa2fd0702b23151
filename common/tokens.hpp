// SPDX-License-Identifier: BSD-3-Clause
// tokens(): splits a line into the words that ExaBGP's parsers see. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace exapulse {

/// The words of `line` for every ExaBGP, as views into it: separated by whitespace, and by
/// `formated()` in its configuration/core. `,` is a separate word; `[` and `(` end a word, `]` and
/// `)` start one. `x[a,b]y` has the words `x[`, `a`, `,`, `b` and `]y`.
[[nodiscard]] std::vector<std::string_view> tokens(std::string_view line);

}  // namespace exapulse
