// SPDX-License-Identifier: BSD-3-Clause
// CursorFile: the file of `watch --cursor`, which remembers the ExaBGP that was handled last.
#pragma once

#include <string>
#include <utility>

namespace exapulse::client {

/// One line, a UUID. Replaced atomically, readable by its owner only.
class CursorFile {
  public:
    explicit CursorFile(std::string path) : path_(std::move(path)) {}

    /// The UUID; empty when there is no file. Tells on stderr when it can't be used, which counts
    /// as none.
    [[nodiscard]] std::string load() const;

    /// An errno, or 0; the old file is whole whenever it is not 0.
    [[nodiscard]] int save(const std::string& uuid) const;

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace exapulse::client
