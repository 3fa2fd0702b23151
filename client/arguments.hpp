// SPDX-License-Identifier: BSD-3-Clause
// Arguments: the command line as values. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/protocol.hpp"

namespace exapulse::client {

/// How long run and status wait without a byte. Longer than exapulsed's own hold (5 s) and deadline
/// (30 s), so that its verdict, which knows more, comes first.
inline constexpr std::chrono::milliseconds default_timeout{60'000};

struct RunOptions {
    /// One line for exapulsed; nullopt: the lines of standard input.
    std::optional<std::string> command;
    bool raw = false;      // as given, however ExaBGP's version spells it
    bool verbose = false;  // tells what is sent otherwise than given
};

struct WatchOptions {
    std::vector<EventType> types;  // empty: every type
    bool json = false;
    std::optional<std::uint64_t> count;
    bool exit_on_failure = false;
};

struct StatusOptions {
    bool json = false;
};

struct Arguments {
    std::string socket;
    std::optional<std::chrono::milliseconds> timeout;
    std::variant<RunOptions, WatchOptions, StatusOptions> subcommand;
};

/// What --help and --version ask for.
struct Information {
    std::string text;
};

struct UsageError {
    std::string text;  // one line
};

using ParsedArguments = std::variant<Arguments, Information, UsageError>;

/// `words`: the command line without the program's name. `environment_socket`: EXAPULSE_SOCKET,
/// null when it is not set.
[[nodiscard]] ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                              const char* environment_socket);

/// Why `line` can't be sent as one command whose answer ends; nullopt when it can. Pure.
[[nodiscard]] std::optional<std::string> command_problem(std::string_view line);

}  // namespace exapulse::client
