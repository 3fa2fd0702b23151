// SPDX-License-Identifier: BSD-3-Clause
// `exapulse run`: commands to ExaBGP, answers to stdout, what failed to stderr.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/arguments.hpp"
#include "client/run/session_settings.hpp"

namespace exapulse::client {

struct SubcommandWords;

struct RunOptions {
    /// One line for exapulsed; nullopt: the lines of `batch`.
    std::optional<std::string> command;
    std::vector<std::string> words{};  // of `command`, as the shell passed them
    std::string batch{};               // a file; "-": standard input
    std::size_t from = 1;              // of a batch: the line of the first command
    bool stop_on_error = false;        // of a batch: the first failure ends it
    bool raw = false;                  // as given, whatever ExaBGP's version
    bool verbose = false;              // reports what is sent otherwise than given
    bool json = false;                 // one JSON object per command
    SessionSettings settings{};
};

[[nodiscard]] Action run_command(const SubcommandWords& words);
/// As `run --keep --batch FILE`.
[[nodiscard]] Action run_kept_batch(const std::string& file);

}  // namespace exapulse::client
