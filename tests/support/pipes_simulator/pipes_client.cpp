// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_client.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "common/protocol.hpp"
#include "tests/support/harness/descriptor_io.hpp"

namespace exapulse::test {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

PipesClient::PipesClient(std::string name, Timeout timeout)
    : out_(open((name + ".out").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
    if (!out_.is_open())
        throw std::system_error(errno, std::generic_category(), "open " + name + ".out");
    std::signal(SIGPIPE, SIG_IGN);
    const auto is_read = [&] {
        in_.reset(open((name + ".in").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
        return in_.is_open();
    };
    if (!eventually(is_read, timeout)) throw std::runtime_error("nobody reads " + name + ".in");
}

bool PipesClient::send_line(std::string_view line, Timeout timeout) {
    return send_raw(std::string(line) + '\n', timeout);
}

bool PipesClient::send_raw(std::string_view bytes, Timeout timeout) {
    const auto deadline = Clock::now() + timeout;
    while (!bytes.empty()) {
        const ssize_t sent = write(in_.get(), bytes.data(), bytes.size());
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EINTR) {
            if (errno != EAGAIN || !wait_for(in_.get(), POLLOUT, deadline)) return false;
        }
    }
    return true;
}

std::optional<std::string> PipesClient::read_line(Timeout timeout) {
    return read_line_until(Clock::now() + timeout);
}

Answer PipesClient::read_answer(Timeout timeout) {
    const auto deadline = Clock::now() + timeout;
    Answer answer;
    while (auto line = read_line_until(deadline)) {
        if (*line == line_done || *line == line_error) {
            answer.terminator = *line;
            break;
        }
        answer.lines.push_back(std::move(*line));
    }
    return answer;
}

Answer PipesClient::command(std::string_view line, Timeout timeout) {
    if (!send_line(line)) return {};
    return read_answer(timeout);
}

bool PipesClient::has_relay() const {
    pollfd entry{in_.get(), 0, 0};
    return poll(&entry, 1, 0) == 0;  // POLLERR comes unasked
}

std::optional<std::string> PipesClient::read_line_until(Deadline deadline) {
    std::array<char, 65536> chunk;
    auto end = buffer_.find('\n');
    while (end == std::string::npos) {
        if (!wait_for(out_.get(), POLLIN, deadline)) return std::nullopt;
        const ssize_t got = read(out_.get(), chunk.data(), chunk.size());
        if (got <= 0) continue;
        const auto scanned = buffer_.size();
        buffer_.append(chunk.data(), static_cast<std::size_t>(got));
        end = buffer_.find('\n', scanned);
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return line;
}

}  // namespace exapulse::test
