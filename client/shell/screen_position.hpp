// SPDX-License-Identifier: BSD-3-Clause
// ScreenPosition: where the cursor is after text has been written to a terminal. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace exapulse::client {

/// Rows and columns from where the text begins, both from 0.
struct ScreenPosition {
    std::size_t row = 0;
    std::size_t column = 0;

    friend bool operator==(const ScreenPosition&, const ScreenPosition&) = default;
};

/// After a prompt of `prompt` columns and `text`, on a terminal of `columns`, as the line editor
/// shows them: a full row goes on in the next one, a control character is shown as ^X.
[[nodiscard]] ScreenPosition position_after(std::size_t prompt, std::wstring_view text,
                                            std::size_t columns);

}  // namespace exapulse::client
