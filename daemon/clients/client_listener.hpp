// SPDX-License-Identifier: BSD-3-Clause
// ClientListener: accepts clients on the served socket and passes them on.
#pragma once

#include <functional>
#include <memory>

#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/pipe.hpp"

namespace exapulse {

/// Accepts a few connections per turn of the loop, so that a burst of them delays nobody.
class ClientListener final : private uv::Pipe::Owner {
  public:
    using OnClient = std::function<void(uv::Pipe)>;

    /// Takes ownership of `fd`, which is bound. Destroying the listener stops accepting.
    ClientListener(uv::Loop& loop, int fd, OnClient on_client);

  private:
    void on_connection(std::error_code error) override;
    void begin_turn();
    void accept();

    uv::Loop& loop_;
    OnClient on_client_;
    uv::Pipe server_;
    uv::NextTurn next_turn_;
    int accepted_ = 0;      // in this turn
    bool waiting_ = false;  // one more has connected
};

}  // namespace exapulse
