// SPDX-License-Identifier: BSD-3-Clause
// Tells clients why exapulsed can't start.
#pragma once

#include <string_view>

#include "common/time.hpp"

namespace exapulse {

/// Accepts on the socket `listener` for `time` and answers every line with the reason, `not-sent`;
/// then closes all. systemd would start exapulsed again and again for a client that nobody accepts,
/// until it gives the socket up, and the client would not know why.
void refuse_clients(int listener, std::string_view reason, Milliseconds time);

}  // namespace exapulse
