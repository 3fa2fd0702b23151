// SPDX-License-Identifier: BSD-3-Clause
// answer_view(): an answer of ExaBGP's as people read it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "client/view/terminal.hpp"

namespace exapulse::client {

/// Where an answer is shown.
struct AnswerScreen {
    Style style{};
    std::size_t columns = 80;
};

/// The lines of an answer, without the last LF. JSON becomes tables: an array of objects, objects
/// line by line and the routes of `rib show` one with a row for each. A single object, and a table
/// that is too wide for the screen, become rows of fields; what does not fit beside its name is
/// below it. Nothing is left out. What is not JSON is shown as it is, with control characters
/// escaped.
[[nodiscard]] std::string answer_view(const std::vector<std::string>& lines,
                                      const AnswerScreen& screen);

/// The lines as they came, with control characters escaped.
[[nodiscard]] std::string raw_view(const std::vector<std::string>& lines);

}  // namespace exapulse::client
