// SPDX-License-Identifier: BSD-3-Clause
// How ExaBGP's versions spell one and the same command: 4.2 and 5.0 put the action first, v6 puts
// the target first. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// Whether some dialect wants `line` spelled otherwise than it is.
[[nodiscard]] bool spelling_varies(std::string_view line);

/// `line` as ExaBGP of this dialect, named as in `sidecar status`, wants it. nullopt where it is to
/// stay as it is: it is right already, no other spelling certainly means the same, or the dialect
/// takes both or is not known. Only the words that differ change, all other bytes stay.
[[nodiscard]] std::optional<std::string> respelled(std::string_view line, std::string_view dialect);

/// Whether a group is open after `line`: in one, a line that begins with `announce` or `withdraw`
/// is gathered as it is, and any other spelling of it would be executed at once.
[[nodiscard]] bool group_open_after(std::string_view line, bool open_before);

}  // namespace exapulse
