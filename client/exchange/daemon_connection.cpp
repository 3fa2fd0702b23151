// SPDX-License-Identifier: BSD-3-Clause
// A Unix socket that does not block.
#include "client/exchange/daemon_connection.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

#include "client/exchange/connect_problem.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// connect(2) on a Unix socket blocks while the listener's backlog is full, and the send timeout
// bounds that.
void set_connect_timeout(int fd, milliseconds timeout) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    timeval value{};
    value.tv_sec = seconds.count();
    value.tv_usec = std::chrono::microseconds(timeout - seconds).count();
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

int connect_to(const std::string& path, milliseconds timeout) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw_errno("socket");
    set_connect_timeout(fd, timeout);
    const sockaddr_un address = socket_address(path);
    int result = 0;
    do {
        result = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        const int error = errno;
        close(fd);
        throw Unreachable(connect_problem(path, error), error);
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

}  // namespace

DaemonConnection::DaemonConnection(const std::string& path, milliseconds timeout)
    : fd_(connect_to(path, timeout)), buffer_(64U << 10) {}

DaemonConnection::~DaemonConnection() {
    close(fd_);
}

short DaemonConnection::events(bool read, bool write) const {
    return static_cast<short>((read ? POLLIN : 0) | (write && !write_closed_ ? POLLOUT : 0));
}

std::size_t DaemonConnection::write_some(std::string_view bytes) {
    const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EPIPE || errno == ECONNRESET)
        write_closed_ = true;
    else if (errno != EAGAIN && errno != EINTR)
        throw_errno("send");
    return 0;
}

std::optional<std::string_view> DaemonConnection::read_some() {
    const ssize_t count = recv(fd_, buffer_.data(), buffer_.size(), 0);
    if (count > 0) return std::string_view(buffer_.data(), static_cast<std::size_t>(count));
    if (count == 0 || errno == ECONNRESET) return std::nullopt;
    if (errno != EAGAIN && errno != EINTR) throw_errno("recv");
    return std::string_view();
}

}  // namespace exapulse::client
