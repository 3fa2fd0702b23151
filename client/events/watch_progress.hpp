// SPDX-License-Identifier: BSD-3-Clause
// WatchProgress: which events are shown, and which one ends the watch. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "client/events/watch_options.hpp"
#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

/// Judges the events of one subscription in the order they come.
class WatchProgress {
  public:
    explicit WatchProgress(WatchOptions options) : options_(std::move(options)) {}

    struct Step {
        bool show = false;
        bool happened = false;  // not a snapshot, and asked for
        std::optional<ExitCode> end{};
        std::string reason{};  // for stderr; empty when the end needs no message
    };

    /// The snapshot, before which there may be events of the past, is shown and never counted. A
    /// failure that was asked for by --exit-on-failure wins over --count.
    [[nodiscard]] Step on_event(const nlohmann::json& event);

    /// "sidecar subscribe" with the types that the options need; `since` as Resumption's.
    [[nodiscard]] std::string request(const std::string& since = {}) const;

    /// The subscription is lost; another one follows, with its snapshot.
    void on_lost() { opened_ = false; }

    /// The snapshot has come: what follows happens now.
    [[nodiscard]] bool opened() const { return opened_; }
    [[nodiscard]] std::uint64_t counted() const { return counted_; }

  private:
    [[nodiscard]] bool asked_for(EventType type) const;

    WatchOptions options_;
    bool opened_ = false;
    std::uint64_t counted_ = 0;
};

}  // namespace exapulse::client
