// SPDX-License-Identifier: BSD-3-Clause
// A line that `exapulse hold` announces: whether it can be held, and what undoes it. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exapulse::client {

/// Why `line` can't be held, in a line that says what to do; nullopt: it announces routes.
[[nodiscard]] std::optional<std::string> held_line_problem(std::string_view line);

// Of lines without a problem.

/// Equal only for lines of which each replaces what the other announces. Lines that do so in
/// another spelling may differ.
[[nodiscard]] std::string route_key(std::string_view line);

struct HeldRoute {
    std::string nlri;   // with its family; equal for all spellings of one route
    std::string peers;  // equal on every version of ExaBGP if they are named alike
    friend auto operator<=>(const HeldRoute&, const HeldRoute&) = default;
};
/// Those that it announces, each of a list; empty for a line that announces none.
[[nodiscard]] std::vector<HeldRoute> held_routes(std::string_view line);

/// How many routes it announces.
[[nodiscard]] std::size_t routes_in(std::string_view line);

/// The lines of a file: without empty ones and those whose first word starts with #.
struct HeldLines {
    std::vector<std::string> lines;
    std::string problem;  // "line 3: ..."; empty: there is none
};
[[nodiscard]] HeldLines held_lines(std::string_view text);

}  // namespace exapulse::client
