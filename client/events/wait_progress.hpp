// SPDX-License-Identifier: BSD-3-Clause
// WaitProgress: which conditions of a `wait` hold, judged from events. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/events/restart_finder.hpp"
#include "client/events/wait_command.hpp"

namespace exapulse::client {

/// Judges the events of one subscription after the other: exapulsed may be restarted meanwhile.
/// The snapshot that opens each says how things are, so nothing is missed in between.
class WaitProgress {
  public:
    explicit WaitProgress(WaitOptions options) : options_(std::move(options)) {}

    /// "sidecar subscribe" with the types that the conditions need.
    [[nodiscard]] std::string request() const;

    void on_event(const nlohmann::json& event);
    /// The subscription has ended: nothing is known until the next snapshot.
    void on_lost();

    /// The current subscription has reported everything about the conditions.
    [[nodiscard]] bool informed() const;

    /// All conditions hold, or one of them where that is enough.
    [[nodiscard]] bool holds() const;
    /// Those that hold: "up, peer 192.0.2.1 established".
    [[nodiscard]] std::string fulfilled() const;
    /// What is missing, each with how it is instead.
    [[nodiscard]] std::string missing() const;

  private:
    struct KnownPeer {
        std::string address;  // as ExaBGP says it
        std::optional<std::string> local_address;
        std::optional<std::int64_t> as;
        std::string state;
    };

    [[nodiscard]] static KnownPeer read_peer(const nlohmann::json& peer);
    [[nodiscard]] static bool is_same(const KnownPeer& a, const KnownPeer& b);

    [[nodiscard]] bool needs_peers() const;
    void take_peers(const nlohmann::json& peers);
    void take_change(const nlohmann::json& peer);
    [[nodiscard]] bool holds(const WaitCondition& condition) const;
    [[nodiscard]] std::string instead_of(const WaitCondition& condition) const;
    [[nodiscard]] std::vector<std::string> states_of(const std::string& address) const;

    WaitOptions options_;
    std::optional<HealthState> state_;  // nullopt: detached from exapulsed
    RestartFinder finder_;
    bool restarted_ = false;
    std::optional<std::vector<KnownPeer>> peers_;  // nullopt: not known
};

}  // namespace exapulse::client
