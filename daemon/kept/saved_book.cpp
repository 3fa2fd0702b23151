// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/saved_book.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/units.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

SavedBook::SavedBook(uv::Loop& loop, StoreThread* store, const Config& config,
                     RouteFile::OnRead on_read)
    : config_(config), file_(loop, store, book_.ledger(), std::move(on_read)) {}

void SavedBook::restore(std::optional<StoredRoutes> stored) {
    if (!stored) return file_.wait_until_readable();
    file_.restore_had_by(stored->had_by);
    book_.restore(std::move(*stored), now().steady);
}

void SavedBook::restore_late(StoredRoutes stored) {
    book_.restore_late(std::move(stored), now().steady);
}

bool SavedBook::has_room_for(const RouteChange& change) {
    const auto most = static_cast<std::size_t>(config_.limits.routes);
    const auto [room, forgotten] = book_.make_room(change, most);
    if (forgotten > 0)
        spdlog::warn(
            "routes: limits.routes ({}) are remembered, so {} lost with an earlier ExaBGP are "
            "forgotten",
            most, counted(forgotten, "route"));
    if (room == full_) {
        full_ = !room;
        if (full_)
            spdlog::warn(
                "routes: limits.routes ({}) are remembered; further ones are announced, but not "
                "kept",
                most);
    }
    return room;
}

bool SavedBook::enter(RouteBook::Note note) {
    const bool affected = file_.note(book_.enter(note, now().steady), note.change.nlri);
    if (!file_.unread()) return affected;
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(config_.limits.routes, 1));
    if (!book_.remember(std::move(note), most) && !std::exchange(unread_lost_, true))
        spdlog::warn(
            "routes: more than limits.routes ({}) changes while those that are kept can't be "
            "read; a route that was withdrawn may come back",
            most);
    return affected;
}

bool SavedBook::keep(RouteNumber number) {
    return file_.note(book_.keep(number), ledger().find(number)->nlri());
}

bool SavedBook::remove(RouteNumber number) {
    const std::string nlri(ledger().find(number)->nlri());
    return file_.note(book_.remove(number), nlri) || file_.unread();
}

bool SavedBook::confirm(RouteNumber number) {
    const std::string nlri(ledger().find(number)->nlri());
    return file_.note(book_.confirm(number, now().steady), nlri) || file_.unread();
}

}  // namespace exapulse
