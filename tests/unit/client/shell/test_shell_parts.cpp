// SPDX-License-Identifier: BSD-3-Clause
// The shell's small parts: where the cursor stands, history, pager, UTF-8.
#include <clocale>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "client/shell/history_file.hpp"
#include "client/shell/pager.hpp"
#include "client/shell/screen_position.hpp"
#include "client/view/utf8.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse::client;
using exapulse::test::read_file;
using exapulse::test::TempDir;

namespace {

using Lines = std::vector<std::string>;

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("the cursor behind a prompt and a line") {
    CHECK(position_after(8, L"", 80) == ScreenPosition{0, 8});
    CHECK(position_after(8, std::wstring(71, L'x'), 80) == ScreenPosition{0, 79});
    CHECK(position_after(8, std::wstring(72, L'x'), 80) == ScreenPosition{1, 0});
    CHECK(position_after(8, std::wstring(153, L'x'), 80) == ScreenPosition{2, 1});
    CHECK(position_after(8, L"\x01", 80) == ScreenPosition{0, 10});
    CHECK(position_after(8, L"a\nb", 80) == ScreenPosition{1, 1});
    CHECK(position_after(8, L"ab\tc", 80) == ScreenPosition{0, 17});
    CHECK(position_after(30, L"", 20) == ScreenPosition{1, 10});
    CHECK(position_after(1, L"ab", 0) == ScreenPosition{3, 0});
}

TEST_CASE("a wide sign that does not fit goes to the next row") {
    const std::string before = std::setlocale(LC_CTYPE, nullptr);
    REQUIRE(std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr);
    CHECK(position_after(3, L"\u6771", 5) == ScreenPosition{1, 0});
    CHECK(position_after(4, L"\u6771", 5) == ScreenPosition{1, 2});
    std::setlocale(LC_CTYPE, before.c_str());
}

TEST_CASE("UTF-8 there and back; what is none becomes U+FFFD") {
    const std::string text = "a\xc3\xa9\xe6\x9d\xb1\xf0\x9f\x98\x80";
    CHECK(to_wide(text) == L"a\u00e9\u6771\U0001F600");
    CHECK(to_utf8(to_wide(text)) == text);
    CHECK(to_wide("\xff"
                  "a") ==
          L"\ufffd"
          L"a");
    CHECK(to_wide("\xc3"
                  "a") ==
          L"\ufffd"
          L"a");
    CHECK(to_wide("\xe6\x9d") == L"\ufffd\ufffd");
    CHECK_FALSE(decode_first("\xe6\x9d").has_value());
}

TEST_CASE("where the history is kept") {
    CHECK(history_path({"/h", "/s", "/home/x"}) == "/h");
    CHECK(history_path({"", "/s", "/home/x"}).empty());
    CHECK(history_path({nullptr, "/s", "/home/x"}) == "/s/exapulse/history");
    CHECK(history_path({nullptr, "", "/home/x"}) == "/home/x/.local/state/exapulse/history");
    CHECK(history_path({nullptr, nullptr, nullptr}).empty());
}

TEST_CASE("history is kept for its owner only, without blanks in front and doubles in a row") {
    TempDir dir;
    const std::string path = dir / "state/exapulse/history";
    {
        HistoryFile history(path);
        CHECK(history.lines().empty());
        for (const char* line : {"one", "two", "two", " secret", "", "one"}) history.add(line);
        history.add(std::string(HistoryFile::longest_kept + 1, 'x'));
    }
    CHECK(mode_of(path) == 0600);
    CHECK(mode_of(dir / "state/exapulse") == 0700);
    CHECK(HistoryFile(path).lines() == Lines{"one", "two", "one"});
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    HistoryFile again(path);
    CHECK(mode_of(path) == 0600);
    CHECK_FALSE(again.wants("one"));
    CHECK(again.wants("two"));
}

TEST_CASE("shells at once lose no line of each other") {
    TempDir dir;
    const std::string path = dir / "history";
    HistoryFile a(path);
    HistoryFile b(path);
    a.add("a1");
    b.add("b1");
    a.add("a2");
    CHECK(HistoryFile(path).lines() == Lines{"a1", "b1", "a2"});
}

TEST_CASE("history has a bound, and the newest lines stay") {
    TempDir dir;
    std::string text;
    const std::size_t many = HistoryFile::most_lines + HistoryFile::most_lines / 4 + 1;
    for (std::size_t i = 0; i < many; ++i) text += std::to_string(i) + '\n';
    const std::string path = dir.write("history", text);
    const HistoryFile history(path);
    REQUIRE(history.lines().size() == HistoryFile::most_lines);
    CHECK(history.lines().back() == std::to_string(many - 1));
    const std::string kept = read_file(path);
    CHECK(kept.starts_with(std::to_string(many - HistoryFile::most_lines) + "\n"));
    CHECK(kept.ends_with(std::to_string(many - 1) + "\n"));
    HistoryFile(path).add("more");
    CHECK(HistoryFile(path).lines().back() == "more");
}

TEST_CASE("a history that can't be kept says so; /dev/null is a wish") {
    TempDir dir;
    CHECK_THROWS_WITH_AS(HistoryFile(dir.path()), doctest::Contains("EXAPULSE_HISTFILE"),
                         std::runtime_error);
    HistoryFile none("/dev/null");
    none.add("x");
    CHECK(none.lines().empty());
    CHECK(HistoryFile("").lines().empty());
}

TEST_CASE("rows are counted as the terminal folds them") {
    CHECK(rows_of("a", 80) == 1);
    CHECK(rows_of("a\nb", 80) == 2);
    CHECK(rows_of("", 80) == 1);
    CHECK(rows_of(std::string(81, 'x') + "\n\n", 80) == 4);
    CHECK(rows_of("\033[1m" + std::string(80, 'x') + "\033[0m", 80) == 1);
}
