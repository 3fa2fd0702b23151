// SPDX-License-Identifier: BSD-3-Clause
// The words that exapulsed, its clients and ExaBGP share: terminators, error codes, health
// states, event types. exapulse-protocol(7) is the text to it. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// Version of exapulse-protocol(7); grows only when a client must know.
inline constexpr int protocol_version = 1;

inline constexpr std::string_view line_done = "done";
inline constexpr std::string_view line_error = "error";
inline constexpr std::string_view error_prefix = "error: ";

/// How exapulsed ends a command that no answer of ExaBGP's can end.
enum class ErrorCode { NotSent, OutcomeUnknown, Denied, Busy, TooLong, BadInput };

inline constexpr std::array<std::string_view, 6> error_code_names{
    "not-sent", "outcome-unknown", "denied", "busy", "too-long", "bad-input"};

[[nodiscard]] constexpr std::string_view name_of(ErrorCode code) {
    return error_code_names[static_cast<std::size_t>(code)];
}

/// "error: CODE: WHAT" without its LF; control characters in `what` become blanks.
[[nodiscard]] std::string format_error(ErrorCode code, std::string_view what);

struct CodedError {
    ErrorCode code;
    std::string_view what;  // into the line that was parsed
};

/// Reads what format_error() wrote. ExaBGP's own `error: TEXT` has none of the codes: nullopt.
[[nodiscard]] std::optional<CodedError> parse_error(std::string_view line);

enum class HealthState { Connecting, Up, Degraded, Down };

inline constexpr std::array<std::string_view, 4> health_state_names{"connecting", "up", "degraded",
                                                                    "down"};

[[nodiscard]] constexpr std::string_view name_of(HealthState state) {
    return health_state_names[static_cast<std::size_t>(state)];
}

[[nodiscard]] std::optional<HealthState> parse_health_state(std::string_view name);

enum class EventType {
    State,
    Connected,
    Restarted,
    Disconnected,
    Reconnected,
    Degraded,
    Failed,
    Recovered,
    Stopping,
    Lagged,
    Peers,
    PeerUp,
    PeerDown,
};

inline constexpr std::array<std::string_view, 13> event_type_names{
    "state",     "connected", "restarted", "disconnected", "reconnected", "degraded", "failed",
    "recovered", "stopping",  "lagged",    "peers",        "peer-up",     "peer-down"};

[[nodiscard]] constexpr std::string_view name_of(EventType type) {
    return event_type_names[static_cast<std::size_t>(type)];
}

[[nodiscard]] std::optional<EventType> parse_event_type(std::string_view name);

}  // namespace exapulse
