// SPDX-License-Identifier: BSD-3-Clause
// Answers clients with the reason why exapulsed cannot start.
#pragma once

#include <string_view>

#include "common/time.hpp"

namespace exapulse {

/// Accepts on the socket `listener` for `time` and answers every line with the reason, `not-sent`;
/// then closes all connections. Otherwise systemd would restart exapulsed for a waiting client
/// until it stops the socket, and the client would not learn the reason.
void refuse_clients(int listener, std::string_view reason, Milliseconds time);

}  // namespace exapulse
