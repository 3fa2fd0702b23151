// SPDX-License-Identifier: BSD-3-Clause
// Subscription: exapulsed's events, on a connection of their own.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "client/exchange/answer.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "common/line_framer.hpp"

namespace exapulse::client {

/// Nothing here blocks but the constructor.
class Subscription {
  public:
    /// A line beyond it is no event: the snapshot, the longest, names every peer.
    static constexpr std::size_t longest_event = 64U << 20;

    /// Attaches to the exapulsed at `socket` and sends `request`, a `sidecar subscribe`. Throws
    /// Unreachable; `timeout` bounds the wait for an exapulsed that does not accept.
    Subscription(const std::string& socket, std::chrono::milliseconds timeout,
                 const std::string& request);

    /// To be polled for reading; then read() has something to do.
    [[nodiscard]] int fd() const { return connection_.fd(); }

    /// False: this event was the last one that is wanted.
    using OnEvent = std::function<bool(const nlohmann::json& event, std::string_view line)>;
    enum class State { Open, Closed, Refused };
    /// Gives the events that have come to `on_event`.
    [[nodiscard]] State read(const OnEvent& on_event);

    /// What exapulsed said instead of events, or that the socket is not exapulsed's; once read()
    /// has returned Refused.
    [[nodiscard]] const Verdict& refusal() const { return *refusal_; }

  private:
    void on_refusal(std::string_view line);

    std::string socket_;
    DaemonConnection connection_;
    LineFramer framer_{longest_event};
    AnswerReader answer_;  // a refusal is an answer as to any command
    std::optional<Verdict> refusal_;
};

}  // namespace exapulse::client
