// SPDX-License-Identifier: BSD-3-Clause
// CursorFile: the file of `watch --cursor`, which keeps how far the watch has got.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "client/events/cursor.hpp"
#include "client/io/poll_set.hpp"

namespace exapulse::client {

/// Replaced atomically and synced, readable by its owner only. A cursor that can't be written is
/// reported on stderr, once, and tried again.
class CursorFile {
  public:
    /// Until the cursor is saved after it could not be.
    static constexpr std::chrono::milliseconds save_pause{30'000};

    explicit CursorFile(std::string path) : path_(std::move(path)) {}

    /// What is in the file; an empty cursor if there is none. Reports on stderr what can't be used,
    /// which counts as none.
    [[nodiscard]] Cursor load();

    /// Makes the file keep `cursor`, now or, where that is not possible, as soon as it is; the old
    /// file is whole until then.
    void keep(const Cursor& cursor);
    /// When retry() is due.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const { return retry_at_; }
    void retry();

  private:
    void save();

    std::string path_;
    Cursor kept_{};  // as it is, or should be, in the file
    std::optional<Clock::time_point> retry_at_{};
    bool problem_reported_ = false;
};

}  // namespace exapulse::client
