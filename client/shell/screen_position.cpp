// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/screen_position.hpp"

#include <algorithm>
#include <cwchar>
#include <cwctype>

namespace exapulse::client {

namespace {

constexpr std::size_t tab_stop = 8;

// Characters that cannot be shown appear as \U+20AC or \U+10FFFF.
std::size_t width_of(wchar_t sign) {
    if (std::iswcntrl(static_cast<wint_t>(sign)) != 0) return 2;
    const int width = wcwidth(sign);
    if (width >= 0 && std::iswprint(static_cast<wint_t>(sign)) != 0)
        return static_cast<std::size_t>(width);
    return sign > 0xFFFF ? 8 : 7;
}

void advance(ScreenPosition& position, std::size_t width, std::size_t columns) {
    if (position.column + width > columns) position = {position.row + 1, 0};
    position.column += width;
    if (position.column >= columns) position = {position.row + 1, 0};
}

}  // namespace

ScreenPosition position_after(std::size_t prompt, std::wstring_view text, std::size_t columns) {
    columns = std::max<std::size_t>(columns, 1);
    ScreenPosition position{prompt / columns, prompt % columns};
    for (const wchar_t sign : text) {
        if (sign == L'\n')
            position = {position.row + 1, 0};
        else if (sign == L'\t')
            do advance(position, 1, columns);
            while (position.column % tab_stop != 0);
        else
            advance(position, width_of(sign), columns);
    }
    return position;
}

}  // namespace exapulse::client
