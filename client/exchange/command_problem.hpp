// SPDX-License-Identifier: BSD-3-Clause
// What makes a line no command. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace exapulse::client {

/// ExaBGP's own limit; a longer line would end its control channel for everybody.
inline constexpr std::size_t longest_command = 1U << 20;

/// Why `line` can't be sent as one command whose answer ends, in a line that says what to do;
/// nullopt when it can.
[[nodiscard]] std::optional<std::string> command_problem(std::string_view line);

/// The same for a line beyond longest_command.
[[nodiscard]] std::string too_long_problem();

}  // namespace exapulse::client
