// SPDX-License-Identifier: BSD-3-Clause
// How ExaBGP's versions spell the same command: 4.2 and 5.0 put the action first, v6 the target.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// Whether some dialect requires another spelling of `line`.
[[nodiscard]] bool spelling_varies(std::string_view line);

/// `line` as spelled in this dialect, named as in `sidecar status`. nullopt to leave it unchanged:
/// it is spelled right already, no other spelling certainly means the same, or the dialect accepts
/// both or is unknown. Only the words that differ are replaced; all other bytes stay.
[[nodiscard]] std::optional<std::string> respelled(std::string_view line, std::string_view dialect);

/// Whether a group is open after `line`: in one, a line that begins with `announce` or `withdraw`
/// is gathered as it is, and any other spelling of it would be executed at once.
[[nodiscard]] bool group_open_after(std::string_view line, bool open_before);

}  // namespace exapulse
