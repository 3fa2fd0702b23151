// SPDX-License-Identifier: BSD-3-Clause
// lower_case(): text without capitals. Pure.
#pragma once

#include <string>
#include <string_view>

namespace exapulse {

/// ASCII letters alone are changed, whatever the locale.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

}  // namespace exapulse
