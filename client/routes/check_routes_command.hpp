// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes check`: whether ExaBGP sends its peers what was announced through exapulsed.
#pragma once

#include <optional>
#include <string>

#include "client/cli/arguments.hpp"
#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

struct CheckRoutesOptions {
    std::optional<std::string> peer{};  // an address; only what it is sent
    bool json = false;
    bool repair = false;
};

[[nodiscard]] ExitCode check_routes(const Arguments& arguments, const CheckRoutesOptions& options);

}  // namespace exapulse::client
