// SPDX-License-Identifier: BSD-3-Clause
// SavedBook: the route book and its file, which follows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/config/config.hpp"
#include "daemon/kept/route_file.hpp"
#include "daemon/routes/route_book.hpp"
#include "daemon/store/store_thread.hpp"

namespace exapulse {

/// Every change to the book is noted for the file. A function that returns true has changed what
/// the file should have, or may have, if the file can't be read: save() then tells when it is
/// saved.
class SavedBook {
  public:
    using OnSaved = RouteFile::OnSaved;
    using When = RouteFile::When;

    /// `store`: nullptr where nothing is kept on disk. All outlive it.
    SavedBook(uv::Loop& loop, StoreThread* store, const Config& config, RouteFile::OnRead on_read);

    /// From the file, before anything else. nullopt: it could not be read, which is tried again.
    void restore(std::optional<StoredRoutes> stored);
    /// What on_read was called with.
    void restore_late(StoredRoutes stored);

    /// Within limits.routes; forgets routes that are gone to make room.
    [[nodiscard]] bool has_room_for(const RouteChange& change);
    [[nodiscard]] bool enter(RouteBook::Note note);
    [[nodiscard]] bool keep(RouteNumber number);
    [[nodiscard]] bool remove(RouteNumber number);
    [[nodiscard]] bool confirm(RouteNumber number);
    // These are never in the file:
    void begin_end(RouteNumber number) { book_.begin_end(number); }
    void set_state(RouteNumber number, Ledger::State state) { book_.set_state(number, state); }
    std::size_t lose_unkept() { return book_.lose_unkept(); }

    void save(OnSaved on_saved, When when = When::Now) { file_.save(std::move(on_saved), when); }
    /// The file may have this route, which the book does not.
    [[nodiscard]] bool may_have(std::string_view nlri) const { return file_.may_have(nlri); }
    [[nodiscard]] bool may_have_any() const { return file_.may_have_any(); }
    /// The ExaBGP that has got all that is kept, by its UUID.
    [[nodiscard]] const std::string& had_by() const { return file_.had_by(); }
    void note_had_by(const std::string& uuid) { file_.note_had_by(uuid); }
    /// The file can be used again, or is a new one.
    void on_store_change() { file_.on_store_change(); }
    void stop() { file_.stop(); }

    [[nodiscard]] const Ledger& ledger() const { return book_.ledger(); }
    [[nodiscard]] const Leases& leases() const { return book_.leases(); }
    /// To open, renew and end them.
    [[nodiscard]] Leases& leases() { return book_.leases(); }

  private:
    const Config& config_;
    RouteBook book_;
    RouteFile file_;
    bool unread_lost_ = false;  // of what the book remembers, and that was logged
    bool full_ = false;         // as limits.routes has it, and that was logged
};

}  // namespace exapulse
