// SPDX-License-Identifier: BSD-3-Clause
// Operations on descriptors for tests and simulators: pipes, waiting, writing everything.
#pragma once

#include <chrono>
#include <string_view>

#include "common/file_descriptor.hpp"

namespace exapulse::test {

/// An anonymous pipe. Throws if it cannot be created.
struct Pipe {
    Pipe();

    FileDescriptor read, write;
};

/// Whether one of `events`, or an error, occurs before the deadline.
[[nodiscard]] bool wait_for(int fd, short events, std::chrono::steady_clock::time_point deadline);

/// Blocks until everything is written; false if the other end is closed.
bool write_all(int fd, std::string_view bytes);

}  // namespace exapulse::test
