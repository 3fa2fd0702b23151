// SPDX-License-Identifier: BSD-3-Clause
// WatchHandler: the command of `watch --exec`, and the signals that end both.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/events/event_handler.hpp"
#include "client/io/poll_set.hpp"
#include "client/io/signal_file.hpp"

namespace exapulse::client {

/// An EventHandler whose command is ended before a signal ends this process.
class WatchHandler {
  public:
    /// Signals come here from now on, but to the commands of `handler` as before.
    explicit WatchHandler(std::unique_ptr<EventHandler> handler);

    void add(const nlohmann::json& event, const std::string& line, const Cursor& after) {
        handler_->add(event, line, after);
    }
    void set_up(bool up) { handler_->set_up(up); }

    /// Adds what is to be waited for, beside deadline(); then attend().
    void add_to(PollSet& set) const;
    [[nodiscard]] std::optional<Clock::time_point> deadline() const { return handler_->deadline(); }
    void attend();

    /// No command is started for what waits.
    void drop_waiting() { handler_->drop_waiting(); }
    /// Waits for the command that runs, and for those that follow it.
    void finish();

    /// A signal came that ends this process.
    [[nodiscard]] bool signalled() const { return signal_.has_value(); }
    /// Ends it as if the signal had not been caught, which is what callers look for.
    void die();

  private:
    std::unique_ptr<EventHandler> handler_;
    std::unique_ptr<SignalFile> signals_;
    std::optional<int> signal_;
};

}  // namespace exapulse::client
