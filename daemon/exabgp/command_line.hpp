// SPDX-License-Identifier: BSD-3-Clause
// CommandLine: the command that ExaBGP reads in a line. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/tokens.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// ExaBGP's normal form of a line, which 4.2 and 5.0 search for commands: its words with single
/// spaces between them.
[[nodiscard]] std::string normalised(Words line);

/// The command of 4.2 or 5.0 in a normalised line: the first one of their table, in its order, that
/// is anywhere in it. Empty if there is none, or if the dialect uses the first words instead.
[[nodiscard]] std::string_view found_command(const DialectRules& rules, std::string_view line);

/// The command that an ExaBGP of this dialect executes for the line: for 4.2 and 5.0 its name in
/// their table, for 6.0 its words in v6 with `…` for a selector, whatever the spelling (v4's
/// `shutdown,` is `daemon shutdown`); or `debug`, or `#` for a comment. Empty: the line is not a
/// command, and ExaBGP answers `error`.
[[nodiscard]] std::string_view command_in(const DialectRules& rules, const Request& request);

/// Every verb that some ExaBGP has, in each of its spellings, `…` for a selector.
[[nodiscard]] std::vector<std::string_view> verbs_of_exabgp();

/// What 6.0 with the v4 API takes each verb of v4 for.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> translations_to_v6();

/// The words after the selector, if the line has a valid one; else all of them.
[[nodiscard]] Words command_words(const Request& request);

/// The tokens after the 4.2 and 5.0 selector at the start of a line, `neighbor ADDRESS [KEY VALUE
/// ...] [, neighbor ...]`; all of them if it has none.
[[nodiscard]] Words without_neighbor(Words line);

/// Whether 4.2 and 5.0 answer the line with a summary of their peers.
[[nodiscard]] bool asks_for_summary(const DialectRules& rules, const Request& request);

/// Whether 4.2 and 5.0 answer the line in order, after everything written before it; other lines
/// are answered as soon as they are read.
[[nodiscard]] bool takes_turn(const DialectRules& rules, const Request& request);

}  // namespace exapulse
