// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/cursor_file.hpp"

#include <cstddef>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "client/view/terminal.hpp"
#include "common/small_file.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

/// Many times what save() writes.
constexpr std::size_t largest_cursor = 4'096;

}  // namespace

Cursor CursorFile::load() {
    const SmallFile file = read_small_file(path_, largest_cursor, SymbolicLinks::Follow);
    if (!file.exists) return {};
    const auto cursor = file.problem.empty() ? parse_cursor(file.text) : std::nullopt;
    if (!cursor)
        complain(fmt::format("--cursor: {} {}; the watch begins as without one", path_,
                             file.problem.empty() ? "is no cursor" : file.problem));
    kept_ = cursor.value_or(Cursor{});
    return kept_;
}

void CursorFile::keep(const Cursor& cursor) {
    if (cursor == kept_) return;
    kept_ = cursor;
    if (!retry_at_) save();
}

void CursorFile::retry() {
    if (retry_at_ && Clock::now() >= *retry_at_) save();
}

void CursorFile::save() {
    retry_at_.reset();
    const int error = replace_file(path_, cursor_text(kept_), 0600);
    if (error == 0) {
        if (problem_reported_) remark(fmt::format("--cursor: {} is written again", path_));
        problem_reported_ = false;
        return;
    }
    retry_at_ = Clock::now() + save_pause;
    if (std::exchange(problem_reported_, true)) return;
    complain(
        fmt::format("--cursor: cannot write {}: {}; it is tried again every {}, and until that "
                    "succeeds the next start of this watch handles again what comes from now on",
                    path_, std::strerror(error), format_duration(save_pause)));
}

}  // namespace exapulse::client
