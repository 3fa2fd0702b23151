// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_listener.hpp"

#include <cassert>
#include <utility>

#include <spdlog/spdlog.h>

namespace exapulse {

namespace {

/// The backlog of the socket: a burst of as many clients as limits.clients by default.
constexpr int backlog = 1'024;

/// Connections accepted in one turn of the loop.
constexpr int most_per_turn = 16;

void complain(std::error_code error) {
    spdlog::error(
        "clients: can't accept: {}; limits.clients needs as many descriptors (LimitNOFILE=)",
        error.message());
}

}  // namespace

ClientListener::ClientListener(uv::Loop& loop, int fd, OnClient on_client)
    : loop_(loop),
      on_client_(std::move(on_client)),
      server_(loop),
      next_turn_(loop, [this] { begin_turn(); }) {
    server_.set_owner(*this);
    server_.listen(fd, backlog);
}

void ClientListener::on_connection(std::error_code error) {
    assert(!waiting_);
    if (error) {
        complain(error);
    } else if (accepted_ == most_per_turn) {
        waiting_ = true;  // the pipe reports no further one before this is accepted
    } else {
        accept();
    }
}

void ClientListener::begin_turn() {
    accepted_ = 0;
    if (std::exchange(waiting_, false)) accept();
}

void ClientListener::accept() {
    assert(accepted_ < most_per_turn);
    if (accepted_++ == 0) next_turn_.ask();
    uv::Pipe client(loop_);
    if (const std::error_code error = server_.accept(client))
        complain(error);
    else
        on_client_(std::move(client));
}

}  // namespace exapulse
