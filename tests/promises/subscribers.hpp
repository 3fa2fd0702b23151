// SPDX-License-Identifier: BSD-3-Clause
// The subscribers of a run, whose streams are recorded.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/promises/clients.hpp"

namespace exapulse::test {

enum class Reading {
    Prompt,    ///< reads at once, and comes back where its stream ended
    Fickle,    ///< the same, but leaves now and then
    Slow,      ///< pauses after each event
    Belatedly  ///< reads nothing for a long time, then everything
};

/// Subscribes again and again until `over`. Returns its streams, in order.
[[nodiscard]] std::vector<Stream> subscribe(const Setting& setting, Reading reading,
                                            std::uint64_t seed);

/// The line of an event, or nullopt for another one.
[[nodiscard]] std::optional<SeenEvent> parse_event(std::string_view line);

/// The events of `sidecar history`.
[[nodiscard]] std::vector<SeenEvent> read_history(const std::string& socket);

}  // namespace exapulse::test
