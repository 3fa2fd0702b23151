// SPDX-License-Identifier: BSD-3-Clause
// TurnEnd: calls back once per turn of the loop, before it waits for new input.
#pragma once

#include <functional>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within its own callback, ends the calls.
class TurnEnd {
  public:
    TurnEnd(Loop& loop, std::function<void()> on_end);

  private:
    std::function<void()> on_end_;
    UniqueHandle<uv_prepare_t> handle_;
};

}  // namespace exapulse::uv
