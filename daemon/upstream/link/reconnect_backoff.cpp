// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/reconnect_backoff.hpp"

#include <algorithm>

namespace exapulse {

Milliseconds ReconnectBackoff::next(Milliseconds most) {
    const Milliseconds delay = std::min(delay_, most);
    delay_ = std::min(delay_ * 2, longest);
    return delay - delay * (random() % 256) / 1024;
}

void ReconnectBackoff::retry_soon() {
    delay_ = quick;
}

std::uint32_t ReconnectBackoff::random() {  // xorshift32: spreads attempts, guards no secret
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return random_;
}

}  // namespace exapulse
