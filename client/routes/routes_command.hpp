// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes`: what was announced through exapulsed, as a table.
#pragma once

#include <optional>
#include <string>

#include "client/cli/arguments.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct RoutesOptions {
    std::optional<std::string> prefix{};  // only routes whose text contains it
    std::optional<std::string> owner{};   // a name or a uid
    std::optional<std::string> peer{};    // only what goes to it
    bool kept = false;
    bool json = false;
};

[[nodiscard]] Action routes_command(const SubcommandWords& words);

}  // namespace exapulse::client
