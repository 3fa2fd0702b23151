// SPDX-License-Identifier: BSD-3-Clause
// ProcessWatch: tells at once when a process ends that is no child of ours.
#pragma once

#include <functional>
#include <memory>
#include <sys/types.h>

#include "common/file_descriptor.hpp"
#include "daemon/uv/poll.hpp"

namespace exapulse::uv {

/// By a pidfd, which needs no right over the process. Destroying it, also from within its own
/// callback, ends the watching.
class ProcessWatch {
  public:
    /// Calls `on_end` once. Where the kernel has no pidfd, or the process has ended already, it is
    /// never called: look for the process again after this.
    ProcessWatch(Loop& loop, pid_t pid, std::function<void()> on_end);

  private:
    FileDescriptor pidfd_;
    std::unique_ptr<Poll> poll_;
};

}  // namespace exapulse::uv
