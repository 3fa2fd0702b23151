// SPDX-License-Identifier: BSD-3-Clause
// What is written around a line that is being edited.
#include <string>

#include <doctest/doctest.h>

#include "client/shell/screen_repair.hpp"

namespace exapulse::client {

namespace {

constexpr TerminalSize size{.rows = 4, .columns = 10};

/// With the cursor behind `before`.
ShownLine shown(std::wstring_view text, std::size_t before) {
    return {.prompt = 2, .text = text, .before_cursor = text.substr(0, before)};
}

}  // namespace

TEST_SUITE("client screen repair") {
    TEST_CASE("erasing begins in the prompt's row") {
        CHECK(erase_line(shown(L"abc", 1), size) == "\r\033[K\033[C\033[J\r");
        CHECK(erase_line(shown(std::wstring(20, L'x'), 20), size) ==
              "\r\033[2A\033[K\033[C\033[J\r");
        CHECK(erase_line(shown(std::wstring(20, L'x'), 9), size) ==
              "\r\033[1A\033[K\033[C\033[J\r");
        // No more rows up than the screen has.
        CHECK(erase_line(shown(std::wstring(90, L'x'), 90), size) ==
              "\r\033[3A\033[K\033[C\033[J\r");
    }

    TEST_CASE("leaving goes to the end of the line") {
        CHECK(leave_line(shown(L"abc", 1), size) == "\r\033[5C");
        CHECK(leave_line(shown(std::wstring(20, L'x'), 1), size) == "\033[2B\r\033[2C");
        CHECK(leave_line(shown(std::wstring(8, L'x'), 8), size) == "\r");
    }

    TEST_CASE("an empty last row is held by the line's last character") {
        CHECK(hold_last_row(shown(L"12345678", 8), size) == "\033[A\033[10G8 \r");
        CHECK(hold_last_row(shown(L"12345678", 7), size).empty());
        CHECK(hold_last_row(shown(L"1234567", 7), size).empty());
        CHECK(hold_last_row(shown(L"", 0), size).empty());
    }
}

}  // namespace exapulse::client
