// SPDX-License-Identifier: BSD-3-Clause
// EventHandler: what `watch --exec` does with the events that were asked for.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/events/cursor.hpp"

namespace exapulse::client {

/// Runs a command of the user's, never two at a time.
class EventHandler {
  public:
    virtual ~EventHandler() = default;

    /// An event that was asked for; `after` is the cursor once it has been handled.
    virtual void add(const nlohmann::json& event, const std::string& line, const Cursor& after) = 0;
    /// Whether ExaBGP answers, according to exapulsed.
    virtual void set_up(bool up) = 0;

    /// A command runs, or is not yet ended completely.
    [[nodiscard]] virtual bool running() const = 0;
    /// To be polled for reading, then advance(); may be -1.
    [[nodiscard]] virtual int fd() const = 0;
    /// When advance() is due in any case.
    [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> deadline() const = 0;
    /// Checks whether the command has ended, reports a failure on stderr, and starts the next one;
    /// ends a command whose time is over.
    virtual void advance() = 0;
    /// Starts no further command; reports on stderr what is left without one.
    virtual void drop_waiting() = 0;
    /// Ends the command that runs; a second call does it by SIGKILL.
    virtual void end() = 0;
};

}  // namespace exapulse::client
