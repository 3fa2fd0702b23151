// SPDX-License-Identifier: BSD-3-Clause
// NextTurn: calls back once in the next turn of the loop, without waiting for input first.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within its own callback, cancels it.
class NextTurn {
  public:
    NextTurn(Loop& loop, std::function<void()> on_turn);

    /// Does nothing if a call is due already. The callback may ask for the next one.
    void ask();

  private:
    std::function<void()> on_turn_;
    UniqueHandle<uv_idle_t> handle_;
};

}  // namespace exapulse::uv
