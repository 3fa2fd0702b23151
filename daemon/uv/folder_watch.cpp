// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/folder_watch.hpp"

namespace exapulse::uv {

FolderWatch::FolderWatch(Loop& loop, const std::string& folder,
                         std::function<void(std::string_view name)> on_change)
    : on_change_(std::move(on_change)),
      handle_(make_handle<uv_fs_event_t>(this, "uv_fs_event_init", [&](uv_fs_event_t* event) {
          return uv_fs_event_init(loop.get(), event);
      })) {
    const auto deliver = [](uv_fs_event_t* handle, const char* name, int events, int status) {
        if (handle->data == nullptr || status < 0 || (events & UV_RENAME) == 0) return;
        const auto on_change_now = static_cast<FolderWatch*>(handle->data)->on_change_;
        on_change_now(name == nullptr ? std::string_view() : std::string_view(name));
    };
    problem_ = error(uv_fs_event_start(handle_.get(), deliver, folder.c_str(), 0));
}

}  // namespace exapulse::uv
