// SPDX-License-Identifier: BSD-3-Clause
#include "common/printable.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>

#include <fmt/format.h>

namespace exapulse {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t length = 0;  // in bytes; 0: not UTF-8
};

/// The first character of `text`, which is not empty. Overlong forms, surrogates and codes beyond
/// Unicode are not UTF-8 (RFC 3629).
Character first_of(std::string_view text) {
    assert(!text.empty());
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
    char32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xc0U) != 0x80U) return {};
        code = code << 6U | (byte(at) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x1'0000};
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < smallest[length] || surrogate || code > 0x10'ffff) return {};
    return {code, length};
}

struct Range {
    char32_t first;
    char32_t last;
};

/// Beyond ASCII: C1 controls, the soft hyphen, zero-width characters, direction marks, line and
/// paragraph separators, invisible operators and tags, and noncharacters.
constexpr std::array<Range, 12> invisible{{{0x80, 0x9f},
                                           {0xad, 0xad},
                                           {0x61c, 0x61c},
                                           {0x180e, 0x180e},
                                           {0x200b, 0x200f},
                                           {0x2028, 0x202e},
                                           {0x2060, 0x206f},
                                           {0xfeff, 0xfeff},
                                           {0xfff9, 0xfffb},
                                           {0xfffe, 0xffff},
                                           {0xe0000, 0xe007f},
                                           {0xf'fffe, 0x10'ffff}}};

bool is_plain_ascii(char c) {
    return c >= ' ' && c <= '~';
}

bool is_invisible(char32_t code) {
    return std::any_of(invisible.begin(), invisible.end(), [&](const Range& range) {
        return code >= range.first && code <= range.last;
    });
}

void append_control(std::string& out, char c) {
    switch (c) {
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    }
}

}  // namespace

std::string printable(std::string_view text, std::string_view kept) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto plain = std::find_if_not(text.begin(), text.end(), is_plain_ascii);
        const auto run = static_cast<std::size_t>(plain - text.begin());
        out += text.substr(0, run);
        text.remove_prefix(run);
        if (text.empty()) break;
        const Character next = first_of(text);
        const std::string_view bytes = text.substr(0, std::max<std::size_t>(next.length, 1));
        if (next.length > 1 && is_invisible(next.code))
            fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                           static_cast<std::uint32_t>(next.code));
        else if (next.length > 1 || kept.find(bytes) != kept.npos)
            out += bytes;
        else
            append_control(out, bytes[0]);
        text.remove_prefix(bytes.size());
    }
    return out;
}

std::string printable_start(std::string_view text, std::size_t most) {
    if (text.size() <= most) return printable(text);
    // Does not split a character.
    std::size_t end = most;
    while (end > 0 && most - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return printable(text.substr(0, end)) + "...";
}

}  // namespace exapulse
