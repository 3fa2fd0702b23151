// SPDX-License-Identifier: BSD-3-Clause
// LineCheck: what is wrong with a line whichever ExaBGP reads it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace exapulse {

/// The byte in `line` that would kill ExaBGP's control channel, or that is one thing for ExaBGP and
/// another for who reads it; empty when there is none.
[[nodiscard]] std::string harm_in(std::string_view line);

/// Why an announcement or withdrawal is not one whole command, and where; empty when it is, and for
/// every other line. ExaBGP announces a part of a flow rule whose braces are open, or says `error`
/// without a reason: to several commands in a line, a comment behind one, a literal `\n` at its
/// end. Quotes are those that ExaBGP's tokens() (configuration/core/format.py) takes for quotes.
/// Each command of `peer SELECTOR group A ; B` has to be whole, since 6.0 splits there first.
[[nodiscard]] std::string incomplete(std::string_view line);

}  // namespace exapulse
