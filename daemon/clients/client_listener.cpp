// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_listener.hpp"

#include <spdlog/spdlog.h>

namespace exapulse {

namespace {

/// Connections that the kernel keeps for us: a burst of clients as large as limits.clients.
constexpr int backlog = 1'024;

}  // namespace

ClientListener::ClientListener(uv::Loop& loop, int fd, OnClient on_client)
    : loop_(loop), on_client_(std::move(on_client)), server_(loop) {
    server_.listen(fd, backlog, [this](std::error_code error) { accept(error); });
}

void ClientListener::accept(std::error_code error) {
    auto client = std::make_unique<uv::Pipe>(loop_);
    if (!error) error = server_.accept(*client);
    if (error) {
        spdlog::error(
            "clients: can't accept: {}; limits.clients needs as many descriptors "
            "(LimitNOFILE=)",
            error.message());
        return;
    }
    on_client_(std::move(client));
}

}  // namespace exapulse
