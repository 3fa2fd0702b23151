// SPDX-License-Identifier: BSD-3-Clause
// TestClient: a plain blocking client of a Unix stream socket.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "common/file_descriptor.hpp"
#include "tests/support/harness/eventually.hpp"

namespace exapulse::test {

/// The answer to one command. `terminator` is "done" or "error"; empty if none arrived in time.
struct Answer {
    std::vector<std::string> lines;
    std::string terminator;

    bool operator==(const Answer&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const Answer& answer) {
        for (const auto& line : answer.lines) out << line.substr(0, 200) << " | ";
        return out << (answer.terminator.empty() ? "(no terminator)" : answer.terminator);
    }
};

/// Sends and receives bytes and lines; knows nothing of exapulsed or ExaBGP but the two
/// terminators.
class TestClient {
  public:
    using Timeout = std::chrono::milliseconds;

    /// Connects to `path`; throws std::system_error if that fails.
    explicit TestClient(const std::string& path);

    /// nullopt if nobody listens at `path` (yet).
    [[nodiscard]] static std::optional<TestClient> try_connect(const std::string& path);

    /// Connects as soon as somebody listens; throws if nobody does within `timeout`.
    [[nodiscard]] static TestClient connect_when_served(const std::string& path,
                                                        Timeout timeout = patience);

    /// False if the other end is closed, or accepts nothing for `patience`.
    bool send_line(std::string_view line);
    bool send_raw(std::string_view bytes);

    /// The next line without its LF; nullopt at the end of the stream or after `timeout`. A partial
    /// line stays for the next call.
    [[nodiscard]] std::optional<std::string> read_line(Timeout timeout = patience);

    /// Lines up to and including the next terminator.
    [[nodiscard]] Answer read_answer(Timeout timeout = patience);

    /// send_line(), then read_answer().
    Answer command(std::string_view line, Timeout timeout = patience);

    /// Everything up to the end of the stream, or what arrived of it within `timeout`.
    [[nodiscard]] std::string read_all(Timeout timeout = patience);

    /// Whether the stream ends, within `timeout`, with nothing left to read.
    [[nodiscard]] bool at_eof(Timeout timeout = patience);

    void half_close();  ///< shuts down the sending half
    void close() { fd_.reset(); }
    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    using Deadline = std::chrono::steady_clock::time_point;
    explicit TestClient(FileDescriptor fd) : fd_(std::move(fd)) {}
    [[nodiscard]] bool fill(Deadline deadline);  // false at the end or the deadline
    [[nodiscard]] std::optional<std::string> read_line_until(Deadline deadline);

    FileDescriptor fd_;
    std::string buffer_;
    std::size_t scanned_ = 0;  // no LF in buffer_ before this
    bool eof_ = false;
};

}  // namespace exapulse::test
