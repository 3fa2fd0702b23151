// SPDX-License-Identifier: BSD-3-Clause
// Load and Audience: many clients of one socket that send commands, or only read, and what they
// measure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/file_descriptor.hpp"

namespace exapulse::bench {

using Seconds = std::chrono::duration<double>;

/// A command and its complete answer, as on the wire.
struct Talk {
    std::string request, answer;
};

struct Rate {
    double per_second = 0;      ///< commands answered
    double median_us = 0;       ///< from the write of a command to the read of its answer
    std::uint64_t answers = 0;  ///< in total
};

class Load {
  public:
    /// Connects `clients` times. Throws std::system_error.
    Load(const std::string& path, std::size_t clients, Talk talk);

    /// Keeps `depth` commands of each client in flight for this time, then waits for the last
    /// answers. Throws std::runtime_error if an answer is not the expected one, or if none arrives
    /// for 10 s.
    Rate run(std::size_t depth, Seconds time);

  private:
    struct Client {
        FileDescriptor fd{};
        std::size_t due = 0;      // bytes of answers still expected
        std::size_t matched = 0;  // bytes of the answer being received
        std::chrono::steady_clock::time_point written_at{};
    };
    void write(Client& client, std::size_t commands);
    /// Returns how many answers were completed.
    std::size_t read(Client& client);

    Talk talk_;
    FileDescriptor epoll_;
    std::vector<Client> clients_;
};

/// Connect, one command, its answer, close: how many per second, 16 at a time.
[[nodiscard]] double short_lived_per_second(const std::string& path, const Talk& talk,
                                            Seconds time);

/// Clients that only read: the time from the first byte that any receives until each has received
/// `bytes` more, and when the last one arrived. `trigger` starts it.
class Audience {
  public:
    Audience(const std::string& path, std::size_t clients);
    /// Writes `greeting` for each client, and reads until each has received `greeted` lines.
    void greet(const std::string& greeting, std::size_t greeted);
    struct Spread {
        Seconds first_to_last{};
        std::uint64_t lines = 0;
    };
    /// Reads until each has received `lines` more. Throws if that takes longer than 30 s.
    Spread read(std::size_t lines);
    [[nodiscard]] std::size_t size() const { return fds_.size(); }

  private:
    FileDescriptor epoll_;
    std::vector<FileDescriptor> fds_;
    std::vector<std::size_t> lines_;
};

}  // namespace exapulse::bench
