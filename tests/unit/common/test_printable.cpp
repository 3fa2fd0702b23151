// SPDX-License-Identifier: BSD-3-Clause
// printable(): whatever came in, one line of harmless UTF-8 comes out.
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "common/printable.hpp"

using namespace exapulse;
using namespace std::string_literals;

TEST_CASE("plain text is unchanged, in any language") {
    for (const std::string text :
         {"", "done", "exabgp (pid 8291)", "Zürich 東京 🙂", R"(a\n "b")"}) {
        CAPTURE(text);
        CHECK(printable(text) == text);
    }
}

TEST_CASE("what is not plain text is escaped") {
    struct Row {
        std::string raw, shown;
    };
    for (const Row& row : {
             Row{"two\nlines\r\tand a tab", R"(two\nlines\r\tand a tab)"},
             Row{"\x1b[2J\x07\x7f", R"(\x1b[2J\x07\x7f)"},
             Row{"nul"s + '\0' + "in it", R"(nul\x00in it)"},
             Row{"\xff\xfe", R"(\xff\xfe)"},
             Row{"cut \xe2\x82", R"(cut \xe2\x82)"},
             Row{"overlong \xc0\xaf \xe0\x80\xaf", R"(overlong \xc0\xaf \xe0\x80\xaf)"},
             Row{"surrogate \xed\xa0\x80", R"(surrogate \xed\xa0\x80)"},
             Row{"beyond \xf4\x90\x80\x80", R"(beyond \xf4\x90\x80\x80)"},
             Row{"C1 \xc2\x9b"
                 "31m",
                 R"(C1 \u009b31m)"},
             Row{"reordered \xe2\x80\xae", R"(reordered \u202e)"},
             Row{"line \xe2\x80\xa8", R"(line \u2028)"},
             Row{"tag \xf3\xa0\x80\x81", R"(tag \ue0001)"},
         }) {
        CAPTURE(row.shown);
        CHECK(printable(row.raw) == row.shown);
    }
    CHECK(printable("a\tb\nc", "\t") == "a\tb\\nc");
}

TEST_CASE("a long text is truncated between two characters") {
    CHECK(printable_start("12345", 5) == "12345");
    CHECK(printable_start("123456", 5) == "12345...");
    CHECK(printable_start("1234ü6", 5) == "1234...");
    CHECK(printable_start(std::string(9, '\x80'), 5) == R"(\x80\x80...)");
}

TEST_CASE("random bytes come out as one line of UTF-8") {
    std::mt19937 random(7);
    for (int i = 0; i < 2'000; ++i) {
        std::string text(random() % 40, ' ');
        for (char& c : text) c = static_cast<char>(random());
        const std::string shown = printable(text);
        CAPTURE(shown);
        CHECK_NOTHROW(static_cast<void>(nlohmann::json(shown).dump()));
        CHECK(shown.find_first_of("\n\r\x1b\x7f") == shown.npos);
        CHECK(printable(shown) == shown);
    }
}
