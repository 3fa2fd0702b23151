// SPDX-License-Identifier: BSD-3-Clause
// UTF-8 to wide characters and back, whatever the locale. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace exapulse::client {

/// The first character of `bytes`, which must not be empty, and how many bytes it takes; nullopt
/// when its end is still missing. A byte that is not UTF-8 becomes U+FFFD.
struct Decoded {
    wchar_t character;
    std::size_t bytes;
};
[[nodiscard]] std::optional<Decoded> decode_first(std::string_view bytes);

[[nodiscard]] std::wstring to_wide(std::string_view text);
[[nodiscard]] std::string to_utf8(std::wstring_view text);

}  // namespace exapulse::client
