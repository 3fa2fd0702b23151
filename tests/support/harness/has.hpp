// SPDX-License-Identifier: BSD-3-Clause
// has(): whether a text has a part.
#pragma once

#include <string_view>

namespace exapulse::test {

[[nodiscard]] inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace exapulse::test
