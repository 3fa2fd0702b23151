// SPDX-License-Identifier: BSD-3-Clause
// Peer: one BGP neighbor of ExaBGP, as far as its answers tell. Pure.
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

/// When a session came up, as ExaBGP counts its age in whole seconds: between these.
struct SessionStart {
    TimePoint earliest;
    TimePoint latest;
    TimePoint asked;  ///< when ExaBGP was, before it counted
    friend bool operator==(const SessionStart&, const SessionStart&) = default;
};

struct Peer {
    static constexpr std::size_t longest_name = 4U << 10;
    static constexpr std::size_t longest_address = 64;
    static constexpr std::size_t longest_state = 32;

    std::string name;  ///< what 6.0 matches selectors with, "neighbor ADDRESS local-ip ..."
    std::string address;
    std::string local_address;          ///< empty: not known
    std::optional<std::uint32_t> as{};  ///< nullopt: not known, or ExaBGP takes any
    std::optional<std::uint32_t> local_as{};
    std::string state;  ///< of its FSM, in lower case; "down" where ExaBGP says no more
    std::optional<WallTime> since{};
    std::optional<SessionStart> started{};    ///< while it is established
    std::optional<std::uint64_t> sent{};      ///< UPDATE messages
    std::optional<std::uint64_t> received{};  ///< the same
    std::optional<std::uint64_t> prefixes{};  ///< received from it

    [[nodiscard]] bool established() const { return state == peer_established; }
    friend bool operator==(const Peer&, const Peer&) = default;
};

/// An answer that names more is taken for none.
inline constexpr std::size_t most_peers = 100'000;

/// Whether the texts of `peer` are of the kind and length that ExaBGP gives them, and so may go
/// into events, logs and messages.
[[nodiscard]] bool is_plausible(const Peer& peer);

/// As `sidecar peers` and events have it.
[[nodiscard]] nlohmann::ordered_json json_of(const Peer& peer);
[[nodiscard]] nlohmann::ordered_json json_of(const std::vector<Peer>& peers);

/// The line that `sidecar peers` answers, without LF.
[[nodiscard]] std::string format_peers(const std::vector<Peer>& peers, WallTime time);

}  // namespace exapulse
