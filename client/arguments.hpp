// SPDX-License-Identifier: BSD-3-Clause
// Arguments: the command line as values. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "client/exchange/endpoint.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

/// How long the command of `watch --exec` may run. Long enough to announce many thousand routes.
inline constexpr std::chrono::milliseconds default_exec_timeout{300'000};

/// `exapulse` alone, on a terminal.
struct ShellOptions {
    bool stay = false;  // does not end when ExaBGP has failed
};

struct RunOptions {
    /// One line for exapulsed; nullopt: the lines of `batch`.
    std::optional<std::string> command;
    std::vector<std::string> words{};  // of `command`, as the shell passed them
    std::string batch{};               // a file; "-": standard input
    std::size_t from = 1;              // of a batch: the line of the first command
    bool stop_on_error = false;        // of a batch: the first failure ends it
    bool raw = false;                  // as given, however ExaBGP's version spells it
    bool verbose = false;              // tells what is sent otherwise than given
    bool json = false;                 // one JSON object a command
};

struct WatchOptions {
    std::vector<EventType> types;  // empty: every type
    bool json = false;
    std::optional<std::uint64_t> count;
    bool exit_on_failure = false;
    std::optional<std::string> exec{};  // for /bin/sh, once an event
    std::chrono::milliseconds exec_timeout = default_exec_timeout;
};

/// What a peer can be waited for to be: "down" is all but the first.
inline constexpr std::array<std::string_view, 7> peer_state_names{
    peer_established, peer_down, "idle", "active", "connect", "opensent", "openconfirm"};

/// What `wait` waits for.
struct WaitCondition {
    enum class Kind { Up, Down, Restart, Peer, NoPeer };
    Kind kind = Kind::Up;
    std::string address;  // of a peer
    std::string state;    // of a peer, one of peer_state_names

    friend bool operator==(const WaitCondition&, const WaitCondition&) = default;
};

struct WaitOptions {
    std::vector<WaitCondition> conditions;  // one at least
    bool any = false;                       // one of them is enough
};

struct StatusOptions {
    bool json = false;
};

struct ReadyOptions {};

struct AliveOptions {};

/// How many of ExaBGP's peers are to be established.
struct WantedPeers {
    std::optional<std::uint64_t> count;  // 1 or more; nullopt: all there are
};

struct CheckOptions {
    std::optional<std::chrono::milliseconds> warning;   // latency of the last pong
    std::optional<std::chrono::milliseconds> critical;  // the same
    std::optional<WantedPeers> peers{};                 // nullopt: they are not looked at
};

struct PeersOptions {
    bool json = false;
};

struct ClientsOptions {
    bool json = false;
};

struct KillOptions {
    std::uint64_t id = 0;
};

struct HistoryOptions {
    std::optional<std::chrono::system_clock::time_point> since;  // nullopt: all there is
    std::vector<EventType> types;                                // empty: every type
    bool json = false;
};

struct UptimeOptions {
    std::optional<std::chrono::system_clock::time_point> since;  // as HistoryOptions'
    bool json = false;
};

/// What shells ask when TAB is pressed.
struct CompleteOptions {
    std::vector<std::string> words;  // of the command line, the last one is being typed
};

struct Arguments : Endpoint {
    bool quiet = false;  // no output but errors
    std::variant<ShellOptions, RunOptions, WatchOptions, WaitOptions, StatusOptions, ReadyOptions,
                 AliveOptions, CheckOptions, PeersOptions, ClientsOptions, KillOptions,
                 HistoryOptions, UptimeOptions, CompleteOptions>
        subcommand;
};

/// What --help and --version ask for.
struct Information {
    std::string text;
};

struct UsageError {
    std::string text;       // one line
    int exit_code = 2;      // ready and check have codes of their own, in which 2 is another word
    bool of_check = false;  // whose caller reads standard output only
};

using ParsedArguments = std::variant<Arguments, Information, UsageError>;

/// What the command line hangs on beside its words.
struct CommandLineEnvironment {
    const char* socket = nullptr;    // EXAPULSE_SOCKET, null when it is not set
    bool on_terminal = false;        // somebody types and reads
    const char* instance = nullptr;  // EXAPULSE_INSTANCE, null when it is not set
};

/// `words`: the command line without the program's name.
[[nodiscard]] ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                              const CommandLineEnvironment& environment);

}  // namespace exapulse::client
