// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_listener.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>

namespace exapulse {

namespace {

/// The backlog of the socket: a burst of as many clients as limits.clients by default.
constexpr int backlog = 1'024;

/// Connections accepted in one turn of the loop.
constexpr int most_per_turn = 16;

constexpr std::chrono::milliseconds retry_interval{50};

/// The connection has ended already, or the call was interrupted: the next one may succeed.
bool is_passing(int error) {
    return error == ECONNABORTED || error == EINTR;
}

}  // namespace

ClientListener::ClientListener(uv::Loop& loop, int fd, OnClient on_client)
    : loop_(loop), server_(fd), on_client_(std::move(on_client)), retry_(loop, [this] { poll(); }) {
    if (listen(fd, backlog) != 0) throw std::system_error(errno, std::generic_category(), "listen");
    poll();
}

void ClientListener::poll() {
    poll_ = std::make_unique<uv::Poll>(loop_, server_.get(), [this](int) { accept_some(); });
    poll_->start(UV_READABLE);
}

void ClientListener::accept_some() {
    for (int i = 0; i < most_per_turn; ++i) {
        FileDescriptor client(
            accept4(server_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client.is_open()) {
            on_client_(uv::Pipe(loop_, std::move(client)));
        } else if (errno == EAGAIN) {
            lacking_ = false;
            return;
        } else if (!is_passing(errno)) {
            return wait_after(errno);
        }
    }
}

void ClientListener::wait_after(int error) {
    if (!std::exchange(lacking_, true))
        spdlog::error(
            "clients: can't accept: {}; new clients wait; raise LimitNOFILE= or lower "
            "limits.clients",
            std::strerror(error));
    poll_.reset();
    retry_.start(retry_interval);
}

}  // namespace exapulse
