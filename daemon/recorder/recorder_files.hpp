// SPDX-License-Identifier: BSD-3-Clause
// RecorderFiles: dumps of the flight recorder in the state directory, the newest few.
#pragma once

#include <cstddef>
#include <string>

#include "common/time.hpp"

namespace exapulse {

class RecorderFiles {
  public:
    /// Files are named `directory`/recorder-TIME.txt.
    explicit RecorderFiles(std::string directory) : directory_(std::move(directory)) {}

    struct Written {
        std::string path;
        std::string problem;  ///< why it could not be written; empty if it was
    };
    /// Writes a file, without waiting for the disk, and deletes all but the newest `most`, which
    /// is at least 1. One of the same second is replaced.
    Written write(const std::string& text, WallTime time, std::size_t most) const;

  private:
    void prune(std::size_t most) const;

    std::string directory_;
};

}  // namespace exapulse
