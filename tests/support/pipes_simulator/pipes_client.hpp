// SPDX-License-Identifier: BSD-3-Clause
// PipesClient: a plain client of ExaBGP's named pipes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/file_descriptor.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

/// Sends and receives bytes and lines; knows nothing of ExaBGP but the two terminators. Makes this
/// process ignore SIGPIPE.
class PipesClient {
  public:
    using Timeout = std::chrono::milliseconds;

    /// Opens NAME.out, for reading and writing so that it never ends, and NAME.in as soon as
    /// somebody reads it; throws if nobody does within `timeout`.
    explicit PipesClient(std::string name, Timeout timeout = patience);

    /// False if nobody reads NAME.in, or it accepts nothing for `timeout`.
    bool send_line(std::string_view line, Timeout timeout = patience);
    bool send_raw(std::string_view bytes, Timeout timeout = patience);

    /// The next line without its LF; nullopt after `timeout`.
    [[nodiscard]] std::optional<std::string> read_line(Timeout timeout = patience);
    /// Lines to the next terminator.
    [[nodiscard]] Answer read_answer(Timeout timeout = patience);
    /// send_line() and read_answer().
    [[nodiscard]] Answer command(std::string_view line, Timeout timeout = patience);
    /// The partial line received so far.
    [[nodiscard]] const std::string& half_a_line() const { return buffer_; }

    /// Whether the relay exists, according to the descriptor that is kept open, and so also across
    /// a reload or a restart.
    [[nodiscard]] bool has_relay() const;

  private:
    using Deadline = std::chrono::steady_clock::time_point;

    [[nodiscard]] std::optional<std::string> read_line_until(Deadline deadline);

    FileDescriptor out_, in_;
    std::string buffer_;
};

}  // namespace exapulse::test
