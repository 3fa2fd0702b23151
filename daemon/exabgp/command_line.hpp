// SPDX-License-Identifier: BSD-3-Clause
// CommandLine: a line as ExaBGP splits it, and the command it finds in it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// The words of `line` for every ExaBGP, as views into it: those between blanks, and those that
/// `formated()` in its configuration/core separates. `,` is a word of its own; `[` and `(` end a
/// word, `]` and `)` begin one. `x[a,b]y` has the words `x[`, `a`, `,`, `b` and `]y`.
[[nodiscard]] std::vector<std::string_view> tokens(std::string_view line);

/// ExaBGP's own normal form of a line, in which 4.2 and 5.0 look for commands: its words with
/// single spaces between them.
[[nodiscard]] std::string normalised(Words line);

/// The command of 4.2 or 5.0 in a normalised line: the first of their table, in their order, that
/// is anywhere in it. Empty when none is, or when the dialect goes by the first words.
[[nodiscard]] std::string_view found_command(const DialectRules& rules, std::string_view line);

/// The command that ExaBGP of this dialect executes when it reads the line: for 4.2 and 5.0 by its
/// name in their table, for 6.0 by its words in v6 with `…` for a selector, whatever the spelling
/// (`shutdown,` of v4 is `daemon shutdown`). `debug` and `#` are what their name says. Empty: the
/// line is none of its commands, and the answer is `error`.
[[nodiscard]] std::string_view command_in(const DialectRules& rules, const Request& request);

/// The tokens behind the selector of 4.2 and 5.0 that a line begins with, `neighbor ADDRESS [KEY
/// VALUE ...] [, neighbor ...]`; all of them where it begins with none.
[[nodiscard]] Words without_neighbor(Words line);

/// Whether 4.2 and 5.0 answer the line with the summary of their peers.
[[nodiscard]] bool asks_for_summary(const DialectRules& rules, const Request& request);

/// Whether 4.2 and 5.0 answer the line in its turn, behind all that was written before; others they
/// answer as they read them.
[[nodiscard]] bool takes_turn(const DialectRules& rules, const Request& request);

}  // namespace exapulse
