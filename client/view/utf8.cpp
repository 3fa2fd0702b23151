// SPDX-License-Identifier: BSD-3-Clause
#include "client/view/utf8.hpp"

#include <cstdint>

namespace exapulse::client {

namespace {

constexpr wchar_t replacement = 0xFFFD;

// Bytes that follow a lead byte; nullopt: it is none.
std::optional<std::size_t> following(unsigned char lead) {
    if (lead < 0x80) return 0;
    if (lead >= 0xC2 && lead < 0xE0) return 1;
    if (lead >= 0xE0 && lead < 0xF0) return 2;
    if (lead >= 0xF0 && lead < 0xF5) return 3;
    return std::nullopt;
}

}  // namespace

std::optional<Decoded> decode_first(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes.front());
    const auto more = following(lead);
    if (!more) return Decoded{replacement, 1};
    std::uint32_t character = *more == 0 ? lead : lead & (0x3FU >> *more);
    for (std::size_t i = 1; i <= *more; ++i) {
        if (i >= bytes.size()) return std::nullopt;
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if ((byte & 0xC0U) != 0x80U) return Decoded{replacement, i};
        character = character << 6U | (byte & 0x3FU);
    }
    return Decoded{static_cast<wchar_t>(character), *more + 1};
}

std::wstring to_wide(std::string_view text) {
    std::wstring wide;
    while (!text.empty()) {
        const auto first = decode_first(text).value_or(Decoded{replacement, 1});
        wide += first.character;
        text.remove_prefix(first.bytes);
    }
    return wide;
}

std::string to_utf8(std::wstring_view text) {
    std::string bytes;
    const auto add = [&bytes](std::uint32_t byte) {
        bytes += static_cast<char>(static_cast<unsigned char>(byte));
    };
    for (const wchar_t character : text) {
        const auto code = static_cast<std::uint32_t>(character);
        if (code < 0x80) {
            add(code);
        } else if (code < 0x800) {
            add(0xC0U | code >> 6U);
            add(0x80U | (code & 0x3FU));
        } else if (code < 0x10000) {
            add(0xE0U | code >> 12U);
            add(0x80U | (code >> 6U & 0x3FU));
            add(0x80U | (code & 0x3FU));
        } else {
            add(0xF0U | (code >> 18U & 0x07U));
            add(0x80U | (code >> 12U & 0x3FU));
            add(0x80U | (code >> 6U & 0x3FU));
            add(0x80U | (code & 0x3FU));
        }
    }
    return bytes;
}

}  // namespace exapulse::client
