// SPDX-License-Identifier: BSD-3-Clause
// ClientListener: accepts clients on the served socket and hands each over.
#pragma once

#include <functional>
#include <memory>

#include "daemon/uv/pipe.hpp"

namespace exapulse {

class ClientListener {
  public:
    using OnClient = std::function<void(std::unique_ptr<uv::Pipe>)>;

    /// Takes over `fd`, which is bound. Destroying the listener stops accepting.
    ClientListener(uv::Loop& loop, int fd, OnClient on_client);

  private:
    void accept(std::error_code error);

    uv::Loop& loop_;
    OnClient on_client_;
    uv::Pipe server_;
};

}  // namespace exapulse
