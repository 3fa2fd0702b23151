// SPDX-License-Identifier: BSD-3-Clause
// Completer: what can be typed, asked of ExaBGP and exapulsed when somebody wants to know.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/completion/vocabulary.hpp"
#include "client/io/poll_set.hpp"
#include "client/shell/health_feed.hpp"

namespace exapulse::client {

/// Asks on connections of its own, each with a short deadline: who presses TAB does not wait.
class Completer {
  public:
    /// `health` must outlive this.
    Completer(std::string socket, const HealthFeed& health);

    /// All that the last word of `typed` could become.
    [[nodiscard]] std::vector<std::string> candidates(const std::string& typed);

  private:
    void learn();
    [[nodiscard]] std::vector<std::string> peers();
    [[nodiscard]] bool exabgp_answers() const;

    std::string socket_;
    const HealthFeed& health_;
    Vocabulary vocabulary_;
    std::optional<int> learned_;  // the generation of ExaBGP that it was learned from
    std::vector<std::string> peers_;
    std::optional<Clock::time_point> peers_asked_;
};

}  // namespace exapulse::client
