// SPDX-License-Identifier: BSD-3-Clause
// Cursor: how far a watch has got in the events, and the text that its file keeps of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/time.hpp"

namespace exapulse::client {

/// An event's place in the stream, across runs of exapulsed.
struct StreamPlace {
    std::string boot{};
    std::uint64_t seq = 0;
    exapulse::WallTime time{};  ///< of the event, for an exapulsed that no longer knows the boot

    friend bool operator==(const StreamPlace&, const StreamPlace&) = default;
};

/// nullopt: the event does not say all of it.
[[nodiscard]] std::optional<StreamPlace> place_of(const nlohmann::json& event);

struct Cursor {
    std::string uuid{};                  ///< the ExaBGP that was handled last; empty: none
    std::optional<StreamPlace> place{};  ///< all up to it is handled; nullopt: not known

    friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// One line of JSON, with its LF.
[[nodiscard]] std::string cursor_text(const Cursor& cursor);
/// What cursor_text() wrote, or a UUID alone, as versions before 0.1.0 did; nullopt: neither.
[[nodiscard]] std::optional<Cursor> parse_cursor(std::string_view text);

}  // namespace exapulse::client
