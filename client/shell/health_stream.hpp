// SPDX-License-Identifier: BSD-3-Clause
// HealthStream: the shell's subscription, which attaches again when exapulsed comes back.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/exchange/subscription.hpp"
#include "client/shell/health_feed.hpp"

namespace exapulse::client {

/// Waits for nothing but a connect(2), and briefly: the shell's poll(2) tells it when to go on.
class HealthStream {
  public:
    /// Attaches. Throws Unreachable.
    HealthStream(std::string socket, std::chrono::milliseconds timeout, Style style);

    /// To be watched for input; -1 while exapulsed is away.
    [[nodiscard]] int fd() const;
    /// When go_on() is to be called though nothing came.
    [[nodiscard]] std::optional<Clock::time_point> due() const { return retry_at_; }

    /// Takes what has come, or tries to attach again when that is due. Returns what to tell.
    [[nodiscard]] std::vector<HealthFeed::Step> go_on();

    [[nodiscard]] const HealthFeed& feed() const { return feed_; }

    /// Why exapulsed told no events when it was last asked for them; nullopt: it has told some, or
    /// gone without a word.
    [[nodiscard]] const std::optional<Verdict>& refusal() const { return refusal_; }

  private:
    void attach(std::chrono::milliseconds timeout);
    void attach_again();
    void read(std::vector<HealthFeed::Step>& steps);
    void retry_later();

    std::string socket_;
    HealthFeed feed_;
    std::unique_ptr<Subscription> events_;  // null while exapulsed is away
    std::optional<Verdict> refusal_;
    std::optional<Clock::time_point> retry_at_;
    std::chrono::milliseconds pause_;
};

}  // namespace exapulse::client
