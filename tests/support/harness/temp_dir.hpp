// SPDX-License-Identifier: BSD-3-Clause
// TempDir: a folder of one test's own.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::test {

/// A new folder with a short path under /tmp (sockets in it must fit into sun_path), readable by
/// this user only, removed with all it holds at the end.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// The path of `name` in the folder.
    [[nodiscard]] std::string operator/(std::string_view name) const;

    /// Writes the file `name` and returns its path.
    std::string write(std::string_view name, std::string_view content) const;

  private:
    std::string path_;
};

/// What the file holds; throws when it can't be read.
[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace exapulse::test
