// SPDX-License-Identifier: BSD-3-Clause
// Style: when there is colour, and when marks are ASCII.
#include <vector>

#include <doctest/doctest.h>

#include "client/view/terminal.hpp"

namespace exapulse::client {

TEST_SUITE("client terminal") {
    TEST_CASE("colour and marks") {
        struct Row {
            std::string name;
            bool is_terminal;
            TerminalEnvironment environment;
            bool colour;
            bool utf8;
        };
        const std::vector<Row> rows{
            {"a terminal", true, {.term = "xterm", .lang = "en_US.UTF-8"}, true, true},
            {"a pipe", false, {.term = "xterm", .lang = "C"}, false, true},
            {"NO_COLOR", true, {.no_color = "1", .term = "xterm", .lang = "C.utf8"}, false, true},
            {"NO_COLOR empty", true, {.no_color = "", .lang = "C.UTF-8"}, true, true},
            {"dumb", true, {.term = "dumb", .lang = "C.UTF-8"}, false, true},
            {"no locale", true, {.term = "xterm"}, true, false},
            {"LC_ALL wins", true, {.lc_all = "C", .lang = "C.UTF-8"}, true, false},
            {"LC_CTYPE wins over LANG", true, {.lc_ctype = "de.utf8", .lang = "C"}, true, true},
            {"empty is not set", true, {.lc_all = "", .lang = "C.UTF-8"}, true, true},
        };
        for (const Row& row : rows) {
            CAPTURE(row.name);
            const Style style = choose_style(row.is_terminal, row.environment);
            CHECK(style.colour == row.colour);
            CHECK(style.utf8 == row.utf8);
        }
    }
}

}  // namespace exapulse::client
