// SPDX-License-Identifier: BSD-3-Clause
// RestartFinder: finds, by the UUID, restarts of ExaBGP that exapulsed did not report here. Pure.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace exapulse::client {

/// Sees the events of one subscription after another, in order. An ExaBGP that answers under
/// another UUID than the one known has restarted, whether exapulsed says so or not.
class RestartFinder {
  public:
    /// What there is to compare the first ExaBGP with.
    enum class AtFirst {
        AnyIsKnown,  // nothing: it is no restart
        NoneIsKnown  // nobody who acted on it: it counts as one
    };

    /// `known`: the UUID known from before; empty: none.
    explicit RestartFinder(AtFirst at_first = AtFirst::AnyIsKnown, std::string known = {})
        : at_first_(at_first), known_(std::move(known)) {}

    struct Finding {
        /// A `restarted` that was reported, or found, before.
        bool repeated = false;
        /// The restart that `event` shows but does not report, as an event of its own: `found`
        /// says how. It belongs after `event`.
        std::optional<nlohmann::json> restarted{};
    };
    [[nodiscard]] Finding on_event(const nlohmann::json& event);

    /// The ExaBGP that answered last; empty: none did yet.
    [[nodiscard]] const std::string& known() const { return known_; }

  private:
    AtFirst at_first_;
    std::string known_;
};

}  // namespace exapulse::client
