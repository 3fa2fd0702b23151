// SPDX-License-Identifier: BSD-3-Clause
// Load and Audience: many clients of one socket that ask, or listen, and what they measure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/file_descriptor.hpp"

namespace exapulse::bench {

using Seconds = std::chrono::duration<double>;

/// A command and its answer, whole, as they are on the wire.
struct Talk {
    std::string request, answer;
};

struct Rate {
    double per_second = 0;      ///< commands answered
    double median_us = 0;       ///< from the write of a command to the read of its answer
    std::uint64_t answers = 0;  ///< in all
};

class Load {
  public:
    /// Connects `clients` times. Throws std::system_error.
    Load(const std::string& path, std::size_t clients, Talk talk);

    /// Keeps `depth` commands of each client under way for so long, then waits for the last
    /// answers. Throws std::runtime_error when an answer is not the one that is due, or when none
    /// comes for 10 s.
    Rate run(std::size_t depth, Seconds time);

  private:
    struct Client {
        FileDescriptor fd{};
        std::size_t due = 0;      // bytes of answers that have not come
        std::size_t matched = 0;  // bytes of the answer that is under way
        std::chrono::steady_clock::time_point written_at{};
    };
    void write(Client& client, std::size_t commands);
    /// Returns how many answers became whole.
    std::size_t read(Client& client);

    Talk talk_;
    FileDescriptor epoll_;
    std::vector<Client> clients_;
};

/// Connect, one command, its answer, close: how many of them in a second, 16 at a time.
[[nodiscard]] double short_lived_per_second(const std::string& path, const Talk& talk,
                                            Seconds time);

/// Clients that only read: how long it takes from the first byte that comes to any until each has
/// got `bytes` further ones, and when the last came. `trigger` makes it happen.
class Audience {
  public:
    Audience(const std::string& path, std::size_t clients);
    /// Writes `greeting` for each client, and reads until each has got `greeted` lines.
    void greet(const std::string& greeting, std::size_t greeted);
    struct Spread {
        Seconds first_to_last{};
        std::uint64_t lines = 0;
    };
    /// Reads until each has got `lines` more. Throws when that takes longer than 30 s.
    Spread read(std::size_t lines);
    [[nodiscard]] std::size_t size() const { return fds_.size(); }

  private:
    FileDescriptor epoll_;
    std::vector<FileDescriptor> fds_;
    std::vector<std::size_t> lines_;
};

}  // namespace exapulse::bench
