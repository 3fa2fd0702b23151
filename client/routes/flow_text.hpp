// SPDX-License-Identifier: BSD-3-Clause
// flow_text(): a flow rule in one spelling, whether a command names it or ExaBGP shows it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::client {

/// `nlri` is one of read_route()'s. Equal texts are one rule; one rule may still have several
/// texts, since ExaBGP has names for many numbers.
[[nodiscard]] std::string flow_text(std::string_view nlri);

}  // namespace exapulse::client
