// SPDX-License-Identifier: BSD-3-Clause
// LastingSubscription: exapulsed's events, over every connection to it that is lost.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/exchange/subscription.hpp"

namespace exapulse::client {

/// A Subscription that is replaced when it is lost. Nothing here blocks but a connect(2), and only
/// the first one for long.
class LastingSubscription {
  public:
    /// A `sidecar subscribe`, for each connection anew.
    using Request = std::function<std::string()>;

    /// Attaches, as Subscription does. Throws Unreachable.
    LastingSubscription(std::string socket, std::chrono::milliseconds timeout, Request request);

    /// To be polled for reading; -1 while detached.
    [[nodiscard]] int fd() const { return events_ ? events_->fd() : -1; }
    /// When go_on() is to be called although nothing came; nullopt: never.
    [[nodiscard]] std::optional<Clock::time_point> due() const { return retry_at_; }

    /// Passes on the events that have come, or attaches again when that is due. Closed and Refused
    /// are returned once for each connection: it is lost, and another one will be tried.
    [[nodiscard]] Subscription::State go_on(const Subscription::OnEvent& on_event);

    /// Replaces the connection at the next go_on(), as if it had been lost.
    void renew();

    [[nodiscard]] bool attached() const { return events_ != nullptr; }
    /// When the last event came; where none has, when it was asked for.
    [[nodiscard]] Clock::time_point heard_at() const { return heard_at_; }
    /// What exapulsed said when it last refused the events; nullopt: it has sent some since, or
    /// closed the connection without a word.
    [[nodiscard]] const std::optional<Verdict>& refusal() const { return refusal_; }

  private:
    void attach(std::chrono::milliseconds timeout);
    void attach_again();
    void retry_later();

    std::string socket_;
    Request request_;
    std::unique_ptr<Subscription> events_;  // null while detached
    Clock::time_point heard_at_;
    std::optional<Verdict> refusal_;
    std::optional<Clock::time_point> retry_at_;  // while detached
    std::chrono::milliseconds pause_;
};

}  // namespace exapulse::client
