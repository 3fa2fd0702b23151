// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/test_client.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include "common/protocol.hpp"
#include "common/socket_path.hpp"
#include "tests/support/harness/descriptor_io.hpp"

namespace exapulse::test {

namespace {

using Clock = std::chrono::steady_clock;

FileDescriptor connect_to(const std::string& path) {
    FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = socket_address(path);
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        fd.reset();
    return fd;
}

}  // namespace

TestClient::TestClient(const std::string& path) : fd_(connect_to(path)) {
    if (!fd_.is_open()) throw std::system_error(errno, std::generic_category(), "connect " + path);
}

std::optional<TestClient> TestClient::try_connect(const std::string& path) {
    FileDescriptor fd = connect_to(path);
    if (!fd.is_open()) return std::nullopt;
    return TestClient(std::move(fd));
}

TestClient TestClient::connect_when_served(const std::string& path, Timeout timeout) {
    FileDescriptor fd;
    const auto connected = [&] {
        fd = connect_to(path);
        return fd.is_open();
    };
    if (!eventually(connected, timeout))
        throw std::runtime_error("nobody serves " + path + " in time");
    return TestClient(std::move(fd));
}

bool TestClient::send_line(std::string_view line) {
    return send_raw(std::string(line) + '\n');
}

bool TestClient::send_raw(std::string_view bytes) {
    const auto deadline = Clock::now() + patience;
    while (!bytes.empty()) {
        const ssize_t sent =
            send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EINTR) {
            if (errno != EAGAIN || !wait_for(fd_.get(), POLLOUT, deadline)) return false;
        }
    }
    return true;
}

std::optional<std::string> TestClient::read_line(Timeout timeout) {
    return read_line_until(Clock::now() + timeout);
}

Answer TestClient::read_answer(Timeout timeout) {
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

Answer TestClient::command(std::string_view line, Timeout timeout) {
    if (!send_line(line)) return {};
    return read_answer(timeout);
}

std::string TestClient::read_all(Timeout timeout) {
    const auto deadline = Clock::now() + timeout;
    while (fill(deadline)) continue;
    scanned_ = 0;
    return std::exchange(buffer_, {});
}

bool TestClient::at_eof(Timeout timeout) {
    return buffer_.empty() && !fill(Clock::now() + timeout) && eof_;
}

void TestClient::half_close() {
    shutdown(fd_.get(), SHUT_WR);
}

std::optional<std::string> TestClient::read_line_until(Deadline deadline) {
    for (;;) {
        const auto end = buffer_.find('\n', scanned_);
        if (end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            scanned_ = 0;
            return line;
        }
        scanned_ = buffer_.size();
        if (!fill(deadline)) return std::nullopt;
    }
}

bool TestClient::fill(Deadline deadline) {
    std::array<char, 65536> chunk;
    while (!eof_ && wait_for(fd_.get(), POLLIN, deadline)) {
        const ssize_t got = recv(fd_.get(), chunk.data(), chunk.size(), 0);
        if (got > 0) {
            buffer_.append(chunk.data(), static_cast<std::size_t>(got));
            return true;
        }
        // A reset counts as the end: the other side is gone either way.
        eof_ = got == 0 || errno != EINTR;
    }
    return false;
}

}  // namespace exapulse::test
