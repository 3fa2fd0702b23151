// SPDX-License-Identifier: BSD-3-Clause
// Code points and the blocks of Unicode that are not one column wide.
#include "client/view/display_width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "client/view/utf8.hpp"

namespace exapulse::client {

namespace {

struct Block {
    std::uint32_t first, last;
};

constexpr std::array no_column{
    Block{0x0300, 0x036F}, Block{0x1AB0, 0x1AFF}, Block{0x1DC0, 0x1DFF}, Block{0x200B, 0x200F},
    Block{0x20D0, 0x20FF}, Block{0xFE00, 0xFE0F}, Block{0xFE20, 0xFE2F},
};
constexpr std::array two_columns{
    Block{0x1100, 0x115F},   Block{0x2E80, 0x303E},   Block{0x3041, 0xA4CF},
    Block{0xAC00, 0xD7A3},   Block{0xF900, 0xFAFF},   Block{0xFE30, 0xFE6F},
    Block{0xFF00, 0xFF60},   Block{0xFFE0, 0xFFE6},   Block{0x1F300, 0x1F64F},
    Block{0x1F900, 0x1F9FF}, Block{0x20000, 0x3FFFD},
};

template <typename Blocks>
bool is_in(const Blocks& blocks, std::uint32_t sign) {
    return std::any_of(blocks.begin(), blocks.end(), [sign](const Block& block) {
        return block.first <= sign && sign <= block.last;
    });
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (const wchar_t wide : to_wide(text)) {
        const auto sign = static_cast<std::uint32_t>(wide);
        width += is_in(no_column, sign) ? 0U : is_in(two_columns, sign) ? 2U : 1U;
    }
    return width;
}

}  // namespace exapulse::client
