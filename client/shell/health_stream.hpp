// SPDX-License-Identifier: BSD-3-Clause
// HealthStream: the shell's subscription, which attaches again when exapulsed comes back.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/daemon_connection.hpp"
#include "client/shell/health_feed.hpp"
#include "common/line_framer.hpp"

namespace exapulse::client {

/// Never waits: the shell's poll(2) tells it when to go on.
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

    /// Why exapulsed could not be reached when that was last tried.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    void attach(std::chrono::milliseconds timeout);
    void attach_again();
    void read(std::vector<HealthFeed::Step>& steps);
    void on_line(std::string_view line, std::vector<HealthFeed::Step>& steps);
    void retry_later();

    std::string socket_;
    HealthFeed feed_;
    std::unique_ptr<DaemonConnection> connection_;
    LineFramer framer_;
    bool opened_ = false;  // the snapshot has come, on this connection
    bool refused_ = false;
    std::optional<Clock::time_point> retry_at_;
    std::chrono::milliseconds pause_;
    std::string problem_;
};

}  // namespace exapulse::client
