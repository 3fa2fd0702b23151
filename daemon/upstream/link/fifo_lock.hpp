// SPDX-License-Identifier: BSD-3-Clause
// FifoLock: keeps a second exapulsed off a pair of pipes.
#pragma once

#include <optional>
#include <string>
#include <sys/stat.h>

#include "common/file_descriptor.hpp"

namespace exapulse {

/// The lock is on the answer pipe itself, and so on its device and inode: it holds whatever name or
/// runtime directory another exapulsed uses, and the kernel takes it back when this one dies. It is
/// kept while ExaBGP is unreachable, until another pair is locked.
class FifoLock {
  public:
    /// Locks the answer pipe of the pair `name`, which is `file`. Who holds it, in words, when
    /// somebody else does.
    [[nodiscard]] std::optional<std::string> take(const std::string& name, const struct stat& file);

  private:
    FileDescriptor fd_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace exapulse
