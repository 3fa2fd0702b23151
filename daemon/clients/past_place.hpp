// SPDX-License-Identifier: BSD-3-Clause
// PastPlace: where a stream that begins in the past begins, as `sidecar subscribe` names it. Pure.
#pragma once

#include <optional>
#include <variant>

#include "common/time.hpp"
#include "daemon/events/history_start.hpp"
#include "daemon/exabgp/verb.hpp"

namespace exapulse {

/// Since a time, or behind an event.
using PastPlace = std::variant<WallTime, EventPosition>;

/// The place that `words` begin with: a time, or the boot and the number of an event; nullopt:
/// neither. `rest` is what comes after it.
[[nodiscard]] std::optional<PastPlace> place_in(Words words, WallTime now, Words& rest);

}  // namespace exapulse
