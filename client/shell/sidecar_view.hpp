// SPDX-License-Identifier: BSD-3-Clause
// sidecar_view(): the answers of exapulsed's own verbs as people read them. Pure, but for the time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/shell/answer_view.hpp"

namespace exapulse::client {

/// As the subcommand of the same name shows it; nullopt where there is none, or where `lines` is
/// not such an answer.
[[nodiscard]] std::optional<std::string> sidecar_view(std::string_view command,
                                                      const std::vector<std::string>& lines,
                                                      const AnswerScreen& screen);

}  // namespace exapulse::client
