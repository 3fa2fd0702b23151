// SPDX-License-Identifier: BSD-3-Clause
// FolderWatch: reports when something appears in a directory or leaves it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <system_error>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within its own callback, ends the watch.
class FolderWatch {
  public:
    /// `on_change` gets the name, without its directory, of what appeared, left or was renamed.
    /// Files that only change are not reported.
    FolderWatch(Loop& loop, const std::string& folder,
                std::function<void(std::string_view name)> on_change);

    /// Why the directory cannot be watched; no error if it is.
    [[nodiscard]] std::error_code problem() const { return problem_; }

  private:
    std::function<void(std::string_view)> on_change_;
    UniqueHandle<uv_fs_event_t> handle_;
    std::error_code problem_;
};

}  // namespace exapulse::uv
