// SPDX-License-Identifier: BSD-3-Clause
// LineFramer: the lines that it makes of bytes do not depend on how the bytes are cut, and together
// they are the input. The first byte of the input says how.
#include <cstddef>
#include <string>
#include <vector>

#include "common/line_framer.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

namespace {

constexpr std::size_t limit = 40;

struct Reading {
    std::vector<std::string> lines;
    std::size_t partial = 0;
};

/// Given `piece` bytes at a time; with `stops`, the sink stops behind every line.
Reading read(std::string_view bytes, std::size_t piece, bool stops) {
    Reading reading;
    LineFramer framer(limit);
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, piece);
        const std::size_t taken = framer.feed(part, [&](const LineFramer::Line& line) {
            require(line.text.find('\n') == line.text.npos, "a line holds no LF");
            require(line.too_long || line.text.size() <= limit, "a line is within the limit");
            // Of a line beyond the limit as many bytes are shown as have come.
            reading.lines.emplace_back(line.too_long ? "too long\n" : std::string(line.text));
            return !stops;
        });
        require(taken > 0 && taken <= part.size(), "feed() gets on");
        require(stops || taken == part.size(), "feed() takes all unless it is stopped");
        require(framer.kept() <= limit, "no more than a line is kept");
        bytes.remove_prefix(taken);
    }
    reading.partial = framer.partial();
    return reading;
}

/// What the lines of `bytes` are, said the simple way.
Reading expected(std::string_view bytes) {
    Reading reading;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        std::string_view line = bytes.substr(0, end);
        const bool whole = end != bytes.npos;
        if (line.size() > limit) {
            reading.lines.emplace_back("too long\n");
            reading.partial = whole ? 0 : limit;
        } else if (whole) {
            if (line.ends_with('\r')) line.remove_suffix(1);
            reading.lines.emplace_back(line);
            reading.partial = 0;
        } else {
            reading.partial = line.size();
        }
        if (!whole) break;
        bytes.remove_prefix(end + 1);
    }
    return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view input = fuzz::text_of(data + 1, size - 1);
    const Reading simple = expected(input);
    for (const std::size_t piece : {input.size(), std::size_t{1}, std::size_t{1} + data[0] % 64}) {
        for (const bool stops : {false, true}) {
            const Reading reading = read(input, piece, stops);
            require(reading.lines == simple.lines, "the lines are those of the input");
            require(reading.partial == simple.partial, "the rest waits for its LF");
        }
    }
    return 0;
}
