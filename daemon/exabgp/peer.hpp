// SPDX-License-Identifier: BSD-3-Clause
// Peer: one BGP neighbor of ExaBGP, as described in ExaBGP's answers. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol.hpp"
#include "common/time.hpp"

namespace exapulse {

/// When a session came up: between these, since ExaBGP counts its age in whole seconds.
struct SessionStart {
    TimePoint earliest;
    TimePoint latest;
    TimePoint asked;  ///< when ExaBGP was queried for the age
    friend bool operator==(const SessionStart&, const SessionStart&) = default;
};

struct Peer {
    static constexpr std::size_t longest_name = 4U << 10;
    static constexpr std::size_t longest_address = 64;
    static constexpr std::size_t longest_state = 32;

    std::string name;  ///< matched with selectors by 6.0, "neighbor ADDRESS local-ip ..."
    std::string address;
    std::string local_address;          ///< empty: unknown
    std::optional<std::uint32_t> as{};  ///< nullopt: unknown, or ExaBGP accepts any
    std::optional<std::uint32_t> local_as{};
    std::string state;  ///< of its FSM, in lower case; "down" if ExaBGP says no more
    std::optional<WallTime> since{};
    std::optional<SessionStart> started{};    ///< while it is established
    std::optional<std::uint64_t> sent{};      ///< UPDATE messages
    std::optional<std::uint64_t> received{};  ///< the same
    std::optional<std::uint64_t> prefixes{};  ///< received from it

    [[nodiscard]] bool established() const { return state == peer_established; }
    friend bool operator==(const Peer&, const Peer&) = default;
};

/// An answer with more peers is not accepted.
inline constexpr std::size_t most_peers = 100'000;

/// Whether the strings in `peer` have the characters and lengths that ExaBGP gives them, so that
/// they are safe for events, logs and messages.
[[nodiscard]] bool is_plausible(const Peer& peer);

/// As in `sidecar peers` and events.
[[nodiscard]] nlohmann::ordered_json json_of(const Peer& peer);
[[nodiscard]] nlohmann::ordered_json json_of(const std::vector<Peer>& peers);

/// The answer to `sidecar peers`, without LF.
[[nodiscard]] std::string format_peers(const std::vector<Peer>& peers, WallTime time);

}  // namespace exapulse
