// SPDX-License-Identifier: BSD-3-Clause
// The answer of ExaBGP 6 to `system help`. Pure.
#pragma once

#include <string>
#include <vector>

namespace exapulse::test {

[[nodiscard]] std::string exabgp_help_json();
[[nodiscard]] std::vector<std::string> exabgp_help_text();

}  // namespace exapulse::test
