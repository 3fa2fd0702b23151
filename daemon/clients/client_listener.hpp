// SPDX-License-Identifier: BSD-3-Clause
// ClientListener: accepts clients on the served socket and passes them on.
#pragma once

#include <functional>
#include <memory>

#include "common/file_descriptor.hpp"
#include "daemon/uv/pipe.hpp"
#include "daemon/uv/poll.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// Accepts a few connections per turn of the loop, so that a burst of them delays nobody. Without a
/// free descriptor, clients wait in the socket's backlog until there is one. libuv's accept would
/// close their connections, and continue to do so as long as new ones arrive.
class ClientListener {
  public:
    using OnClient = std::function<void(uv::Pipe)>;

    /// Takes ownership of `fd`, which is bound. Destroying the listener stops accepting;
    /// `on_client` must not.
    ClientListener(uv::Loop& loop, int fd, OnClient on_client);

  private:
    void poll();
    void accept_some();
    void wait_after(int error);

    uv::Loop& loop_;
    FileDescriptor server_;
    OnClient on_client_;
    std::unique_ptr<uv::Poll> poll_;  // null while nothing can be accepted
    uv::Timer retry_;
    bool lacking_ = false;  // logged already that clients wait
};

}  // namespace exapulse
