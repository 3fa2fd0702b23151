// SPDX-License-Identifier: BSD-3-Clause
// ProcessWatch: reports at once when a process ends that is not a child of this one.
#pragma once

#include <functional>
#include <memory>
#include <sys/types.h>

#include "common/file_descriptor.hpp"
#include "daemon/uv/poll.hpp"

namespace exapulse::uv {

/// Uses a pidfd, which requires no permission. Destroying it, also from within its own callback,
/// ends the watch.
class ProcessWatch {
  public:
    /// Calls `on_end` once, unless works() is false: the kernel has no pidfd, there is no free
    /// descriptor, or the process has ended already, so check that the process exists after this.
    ProcessWatch(Loop& loop, pid_t pid, std::function<void()> on_end);

    [[nodiscard]] bool works() const { return pidfd_.is_open(); }

  private:
    FileDescriptor pidfd_;
    std::unique_ptr<Poll> poll_;
};

}  // namespace exapulse::uv
