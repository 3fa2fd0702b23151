// SPDX-License-Identifier: BSD-3-Clause
// Resumption: where a subscription is to begin so that nothing is missed. Pure.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "client/events/cursor.hpp"

namespace exapulse::client {

/// Sees the events of one subscription after another, in order.
class Resumption {
  public:
    /// `place`: all up to it is known from before; nullopt: the first subscription begins now.
    explicit Resumption(std::optional<StreamPlace> place = {}) : place_(std::move(place)) {}

    /// "since BOOT SEQ", for `sidecar subscribe`; "since TIME" once exapulsed has said that it
    /// knows nothing of that boot; empty: from now on.
    [[nodiscard]] std::string since() const;

    /// The next event. Returns the `gap` that belongs before it, where exapulsed does not know that
    /// there may be one.
    [[nodiscard]] std::optional<nlohmann::json> on_event(const nlohmann::json& event);

    /// exapulsed has refused since(). True: there is another one now.
    [[nodiscard]] bool on_unknown_place();

    /// Of the newest event.
    [[nodiscard]] const std::optional<StreamPlace>& place() const { return place_; }

  private:
    std::optional<StreamPlace> place_;
    bool by_time_ = false;  // its boot is not known
};

}  // namespace exapulse::client
