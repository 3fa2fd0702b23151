// SPDX-License-Identifier: BSD-3-Clause
// What tests and simulators do with descriptors: pipes, waiting, writing all.
#pragma once

#include <chrono>
#include <string_view>

#include "common/file_descriptor.hpp"

namespace exapulse::test {

/// A pipe of this process's own. Throws when there can be none.
struct Pipe {
    Pipe();

    FileDescriptor read, write;
};

/// Whether one of `events`, or an error, comes before the deadline.
[[nodiscard]] bool wait_for(int fd, short events, std::chrono::steady_clock::time_point deadline);

/// Blocks until all is written; false when the other end is gone.
bool write_all(int fd, std::string_view bytes);

}  // namespace exapulse::test
