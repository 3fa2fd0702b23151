// SPDX-License-Identifier: BSD-3-Clause
// LineFramer: however the bytes are cut, the lines are the same.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/line_framer.hpp"

using exapulse::LineFramer;

namespace {

std::vector<std::string> feed(LineFramer& framer, std::string_view bytes) {
    std::vector<std::string> lines;
    framer.feed(bytes, [&](const LineFramer::Line& line) {
        lines.push_back((line.too_long ? "TOO LONG " : "") + std::string(line.text));
        return true;
    });
    return lines;
}

}  // namespace

TEST_CASE("lines do not depend on how the bytes are split") {
    const std::string bytes = "done\n\npong x\r\n 123456789 is too long\nlast\nrest";
    const std::vector<std::string> expected{"done", "", "pong x", "TOO LONG  123456789", "last"};
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        CAPTURE(piece);
        LineFramer framer(10);
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            for (std::string& line : feed(framer, std::string_view(bytes).substr(at, piece)))
                lines.push_back(std::move(line));
        CHECK(lines == expected);
        CHECK(framer.partial() == 4);
    }
}

TEST_CASE("a line of exactly the limit is accepted, one more byte is not") {
    LineFramer framer(4);
    CHECK(feed(framer, "1234\n") == std::vector<std::string>{"1234"});
    CHECK(feed(framer, "12345\n") == std::vector<std::string>{"TOO LONG 1234"});
    CHECK(feed(framer, "ok\n") == std::vector<std::string>{"ok"});
}

TEST_CASE("an endless line is reported at once and uses no memory") {
    LineFramer framer(8);
    CHECK(feed(framer, "123456789") == std::vector<std::string>{"TOO LONG 12345678"});
    CHECK(feed(framer, std::string(1'000'000, 'x')).empty());
    CHECK(framer.partial() == 8);
    CHECK(feed(framer, "x\nnext\n") == std::vector<std::string>{"next"});
}

TEST_CASE("if the sink stops, the number of consumed bytes is returned") {
    LineFramer framer(100);
    const std::string_view bytes = "one\ntwo\nthree";
    std::vector<std::string> lines;
    const auto one_at_a_time = [&](const LineFramer::Line& line) {
        lines.emplace_back(line.text);
        return false;
    };
    const std::size_t taken = framer.feed(bytes, one_at_a_time);
    CHECK(taken == 4);
    CHECK(framer.partial() == 0);
    CHECK(framer.feed(bytes.substr(taken), one_at_a_time) == 4);
    CHECK(framer.feed(bytes.substr(8), one_at_a_time) == 5);
    CHECK(lines == std::vector<std::string>{"one", "two"});
    CHECK(framer.partial() == 5);
}

TEST_CASE("a reset discards a partial line, so that it does not join the next connection's bytes") {
    LineFramer framer(100);
    CHECK(feed(framer, "half").empty());
    framer.reset();
    CHECK(feed(framer, "whole\n") == std::vector<std::string>{"whole"});
}
