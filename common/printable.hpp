// SPDX-License-Identifier: BSD-3-Clause
// Makes untrusted text safe for a log, a terminal or one line of a protocol. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exapulse {

/// `text` with everything escaped that is not plain text: control characters as `\n` or `\x1b`,
/// bytes that are not UTF-8 as `\xff`, and Unicode characters that break a line, reorder text or
/// are invisible as `\u202e`. The result is one line of UTF-8. Control characters in `kept`, such
/// as "\t", are not escaped, nor are backslashes, so this cannot be reversed.
[[nodiscard]] std::string printable(std::string_view text, std::string_view kept = {});

/// The same for the first `most` bytes of `text`, with an ellipsis if there are more.
[[nodiscard]] std::string printable_start(std::string_view text, std::size_t most);

}  // namespace exapulse
