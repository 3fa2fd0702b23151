// SPDX-License-Identifier: BSD-3-Clause
// The commands of a run, each with its number in it, and whether an answer is theirs. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/promises/record.hpp"

namespace exapulse::test {

/// The line of command `number` as 6.0, or as 4.2 and 5.0 with `pipes`, spell it. Most are
/// announces, some of which ExaBGP refuses; some have answers of several lines.
[[nodiscard]] std::string command_line(CommandNumber number, bool pipes);

/// The number of the command in a line; nullopt if it is not one of ours.
[[nodiscard]] std::optional<CommandNumber> number_in(std::string_view line);

/// How an answer ended, and whether it was its asker's.
enum class Ending {
    Done,     ///< ExaBGP's own, complete
    Error,    ///< ExaBGP's own, complete
    NotSent,  ///< the verdicts of exapulsed
    Unknown,
    Failed,
    Busy,
    Incomplete,
    None,   ///< the connection ended first
    Wrong,  ///< not the answer to this command
};

/// `answer` is as in Asked. Lines that ExaBGP sent for nobody count as nothing.
[[nodiscard]] Ending ending_of(CommandNumber number, std::string_view answer, bool pipes);

}  // namespace exapulse::test
