// SPDX-License-Identifier: BSD-3-Clause
// Text that comes from elsewhere, made safe for a log, a terminal or one line of a protocol. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exapulse {

/// `text` with everything escaped that is not plain text: control characters as `\n` or `\x1b`,
/// bytes that are not UTF-8 as `\xff`, and characters of Unicode that break a line, reorder text or
/// cannot be seen as `\u202e`. The result is UTF-8 and one line. Control characters in `kept`, such
/// as "\t", stay as they are. A backslash stays one, so this cannot be undone.
[[nodiscard]] std::string printable(std::string_view text, std::string_view kept = {});

/// The same, and an ellipsis in place of what is beyond `most` bytes of `text`.
[[nodiscard]] std::string printable_start(std::string_view text, std::size_t most);

}  // namespace exapulse
