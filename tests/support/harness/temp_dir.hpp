// SPDX-License-Identifier: BSD-3-Clause
// TempDir: a temporary directory for one test.
#pragma once

#include <string>
#include <string_view>

namespace exapulse::test {

/// A new directory with a short path under /tmp (sockets in it must fit into sun_path), readable
/// only by this user, removed with its contents at the end.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// The path of `name` in the directory.
    [[nodiscard]] std::string operator/(std::string_view name) const;

    /// Writes the file `name` and returns its path.
    std::string write(std::string_view name, std::string_view content) const;

  private:
    std::string path_;
};

/// The content of the file; throws if it cannot be read.
[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace exapulse::test
