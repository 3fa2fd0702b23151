// SPDX-License-Identifier: BSD-3-Clause
// FifoPair: ExaBGP's named pipes, NAME.in for commands and NAME.out for answers.
#pragma once

#include <optional>
#include <string>
#include <sys/stat.h>
#include <variant>

#include "common/file_descriptor.hpp"
#include "daemon/upstream/link/upstream_link.hpp"

namespace exapulse {

/// Paths of the pair called `name`.
[[nodiscard]] std::string command_pipe(const std::string& name);
[[nodiscard]] std::string answer_pipe(const std::string& name);

/// What keeps the two from being a pair of named pipes; nullopt when they are one. A symbolic link
/// to a pipe is one, as it is for ExaBGP.
[[nodiscard]] std::optional<UpstreamLink::Failure> fifo_pair_problem(const std::string& name);

/// One end of a pipe, non-blocking, and which pipe it is.
struct FifoEnd {
    FileDescriptor fd;
    struct stat file {};
};

using FifoOpened = std::variant<FifoEnd, UpstreamLink::Failure>;

/// NAME.out, for reading. Opened for writing too: ExaBGP opens and closes its end for each line of
/// an answer, and a reader alone would see an end of file after each.
[[nodiscard]] FifoOpened open_answer_pipe(const std::string& name);

/// NAME.in, for writing. Fails, as Refused, while nobody reads it: what is written then would be
/// executed by the next ExaBGP that starts.
[[nodiscard]] FifoOpened open_command_pipe(const std::string& name);

}  // namespace exapulse
