// SPDX-License-Identifier: BSD-3-Clause
// The words on the wire that exapulsed, its clients and ExaBGP share: terminators, error codes,
// health states, event types, causes, dialects. exapulse-protocol(7) describes them. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace exapulse {

/// Version of exapulse-protocol(7); increased only for changes that clients must know about.
inline constexpr int protocol_version = 1;

inline constexpr std::string_view line_done = "done";
inline constexpr std::string_view line_error = "error";
inline constexpr std::string_view error_prefix = "error: ";

/// How exapulsed completes an answer that ExaBGP cannot complete. Programs decide by the code; the
/// text after it is for people, and says what to do next.
enum class ErrorCode {
    NotSent,         ///< ExaBGP never saw it
    OutcomeUnknown,  ///< written to ExaBGP, then the answer was lost
    Denied,
    Busy,
    TooLong,
    BadInput,
    UnknownVerb,   ///< this exapulsed has no such verb; it may be older than its client
    ExabgpFailed,  ///< ExaBGP failed to execute it and gave no valid answer
    UnknownPlace,  ///< `since BOOT SEQ`: nothing is known of that run of exapulsed
    Incomplete,    ///< the rest of the answer was dropped, since the client did not read it
    LeaseOver,     ///< the connection's lease has ended, and its routes are withdrawn
    NotSaved,      ///< ExaBGP answered `done`, but what is kept could not be written to the disk
};

inline constexpr std::array<std::string_view, 12> error_code_names{
    "not-sent",     "outcome-unknown", "denied",        "busy",       "too-long",   "bad-input",
    "unknown-verb", "exabgp-failed",   "unknown-place", "incomplete", "lease-over", "not-saved"};

[[nodiscard]] constexpr std::string_view name_of(ErrorCode code) {
    return error_code_names[static_cast<std::size_t>(code)];
}

/// "error: CODE: WHAT" without its LF; `what` is made printable().
[[nodiscard]] std::string format_error(ErrorCode code, std::string_view what);

struct CodedError {
    ErrorCode code;
    std::string_view what;  // a view into the line that was parsed
};

/// Parses what format_error() wrote; nullopt for ExaBGP's own `error: TEXT`, which has no code.
[[nodiscard]] std::optional<CodedError> parse_error(std::string_view line);

/// Leases are renewed by programs that may be stopped for a moment.
inline constexpr std::chrono::milliseconds shortest_lease{1'000};

inline constexpr std::size_t longest_owner_name = 64;
/// What `sidecar owner` takes: letters, digits and . _ @ : -
[[nodiscard]] bool is_owner_name(std::string_view text);

/// What a client may do; each role may do what those before it may.
enum class Role {
    None,
    Observe,  ///< what changes nothing
    Operate,  ///< announce, withdraw, teardown, ...
    Admin,    ///< what ends or reloads ExaBGP, and what disconnects others
};

inline constexpr std::array<std::string_view, 4> role_names{"none", "observe", "operate", "admin"};

[[nodiscard]] constexpr std::string_view name_of(Role role) {
    return role_names[static_cast<std::size_t>(role)];
}

[[nodiscard]] std::optional<Role> parse_role(std::string_view name);

/// What is accepted as the UUID of an ExaBGP: 1 to 64 letters, digits and hyphens.
[[nodiscard]] bool is_uuid(std::string_view text);

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
    Contended,
    Uncontended,
    Gap,
    Store,
    Replaying,
    Replayed,
    Expired,
};

inline constexpr std::array<std::string_view, 20> event_type_names{
    "state",    "connected", "restarted", "disconnected", "reconnected",
    "degraded", "failed",    "recovered", "stopping",     "lagged",
    "peers",    "peer-up",   "peer-down", "contended",    "uncontended",
    "gap",      "store",     "replaying", "replayed",     "expired"};

[[nodiscard]] constexpr std::string_view name_of(EventType type) {
    return event_type_names[static_cast<std::size_t>(type)];
}

[[nodiscard]] std::optional<EventType> parse_event_type(std::string_view name);

/// Where the events are kept, as `store` of an event and of the status says it.
enum class StoreState {
    File,      ///< in the file, across restarts of exapulsed
    Memory,    ///< in memory only, because the file can't be used now
    SetAside,  ///< only in an event: the file was damaged, and a new one has begun
    Off,       ///< in memory only, as configured
};

inline constexpr std::array<std::string_view, 4> store_state_names{"file", "memory", "set-aside",
                                                                   "off"};

[[nodiscard]] constexpr std::string_view name_of(StoreState state) {
    return store_state_names[static_cast<std::size_t>(state)];
}

/// How ExaBGP was lost, the `cause` of an event.
enum class Cause {
    Closed,     ///< it closed the connection, or its helper that served the pipes ended
    Refused,    ///< a socket or pipes, but nobody serves them, or no permission
    Absent,     ///< no socket and no pipes
    Hung,       ///< a connection, but no answer
    Unwatched,  ///< exapulsed was not running
    Changed,    ///< another UUID on an unbroken connection
    Stopped,    ///< it announced that it is stopping
};

inline constexpr std::array<std::string_view, 7> cause_names{
    "closed", "refused", "absent", "hung", "unwatched", "changed", "stopped"};

[[nodiscard]] constexpr std::string_view name_of(Cause cause) {
    return cause_names[static_cast<std::size_t>(cause)];
}

[[nodiscard]] std::optional<Cause> parse_cause(std::string_view name);

/// The variants of ExaBGP's API: one per version, and for 6.0 one per `exabgp_api_version`.
enum class Dialect { Pipes42, Pipes50, V4, V6 };

inline constexpr std::array all_dialects{Dialect::Pipes42, Dialect::Pipes50, Dialect::V4,
                                         Dialect::V6};

inline constexpr std::array<std::string_view, 4> dialect_names{"4.2", "5.0", "v4", "v6"};

/// As `sidecar status` has it.
[[nodiscard]] constexpr std::string_view name_of(Dialect dialect) {
    return dialect_names[static_cast<std::size_t>(dialect)];
}

[[nodiscard]] std::optional<Dialect> parse_dialect(std::string_view name);

/// `state` of a peer whose session is up.
inline constexpr std::string_view peer_established = "established";
/// `state` of a peer if ExaBGP says only that its session is not up.
inline constexpr std::string_view peer_down = "down";

}  // namespace exapulse
