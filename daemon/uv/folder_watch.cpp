// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/folder_watch.hpp"

namespace exapulse::uv {

FolderWatch::FolderWatch(Loop& loop, const std::string& folder,
                         std::function<void(std::string_view name)> on_change)
    : on_change_(std::move(on_change)),
      handle_(make_handle<uv_fs_event_t>(this, "uv_fs_event_init", [&](uv_fs_event_t* event) {
          return uv_fs_event_init(loop.get(), event);
      })) {
    const auto on_event = [](uv_fs_event_t* handle, const char* name, int events, int status) {
        if (status < 0 || (events & UV_RENAME) == 0) return;
        deliver(handle, &FolderWatch::on_change_,
                name == nullptr ? std::string_view() : std::string_view(name));
    };
    problem_ = error(uv_fs_event_start(handle_.get(), on_event, folder.c_str(), 0));
}

}  // namespace exapulse::uv
