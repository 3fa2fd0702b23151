// SPDX-License-Identifier: BSD-3-Clause
// prompt_text(): the prompt of the shell. Pure.
#pragma once

#include <string>
#include <string_view>

#include "client/shell/health_feed.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

/// "exabgp> ", with the instance where `socket` is one's, and with what is wrong.
[[nodiscard]] std::string prompt_text(std::string_view socket, const HealthFeed& health,
                                      const Style& style);

}  // namespace exapulse::client
