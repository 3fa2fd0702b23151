// SPDX-License-Identifier: BSD-3-Clause
// command_hint(): what a person may have meant with a command that failed. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "client/exchange/answer.hpp"

namespace exapulse::client {

using IsFile = std::function<bool(const std::string& name)>;

/// What the shell has done to the words of a command line, or that exabgpcli would have taken them:
/// a text that begins with "; " and follows the verdict's. Empty: there is none.
/// It decides nothing, and only a command that failed has one.
[[nodiscard]] std::string command_hint(std::span<const std::string> words, const Verdict& verdict,
                                       const IsFile& is_file);

}  // namespace exapulse::client
