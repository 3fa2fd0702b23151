// SPDX-License-Identifier: BSD-3-Clause
// HealthStream: the shell's subscription, which attaches again when exapulsed returns.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/exchange/lasting_subscription.hpp"
#include "client/shell/health_feed.hpp"

namespace exapulse::client {

/// Waits for nothing: the shell's loop calls go_on().
class HealthStream {
  public:
    /// Attaches. Throws Unreachable.
    HealthStream(std::string socket, std::chrono::milliseconds timeout, Style style);

    /// To be polled for reading; -1 while detached.
    [[nodiscard]] int fd() const { return events_.fd(); }
    /// When go_on() is to be called although nothing came.
    [[nodiscard]] std::optional<Clock::time_point> due() const { return events_.due(); }

    /// Takes what has come, or tries to attach again when that is due. Returns what to show.
    [[nodiscard]] std::vector<HealthFeed::Step> go_on();

    [[nodiscard]] const HealthFeed& feed() const { return feed_; }

    /// As LastingSubscription's.
    [[nodiscard]] const std::optional<Verdict>& refusal() const { return events_.refusal(); }

  private:
    HealthFeed feed_;
    LastingSubscription events_;
};

}  // namespace exapulse::client
