// SPDX-License-Identifier: BSD-3-Clause
// Signal: a Unix signal as an event of the loop.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within its own callback, ends the handling of the signal.
class Signal {
  public:
    Signal(Loop& loop, int number, std::function<void()> on_signal);

  private:
    std::function<void()> on_signal_;
    UniqueHandle<uv_signal_t> handle_;
};

}  // namespace exapulse::uv
