// SPDX-License-Identifier: BSD-3-Clause
// RouteFile: what the ledger keeps, on disk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/routes/ledger.hpp"
#include "daemon/store/store_thread.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// One write at a time: changes that come while the disk is busy are written together. After a
/// failure all that is kept is written once that is possible.
class RouteFile {
  public:
    /// Gets what was in a file that could not be read at the start. What has been noted since was
    /// not saved: afterwards all that the ledger keeps is.
    using OnRead = std::function<void(StoredRoutes)>;

    /// `store`: nullptr where nothing is kept on disk. Both outlive it.
    RouteFile(uv::Loop& loop, StoreThread* store, const Ledger& ledger, OnRead on_read);

    /// The file exists and could not be read: that is tried again.
    void wait_until_readable();
    /// Whether that is still so.
    [[nodiscard]] bool unread() const { return unread_; }

    /// Why nothing can be saved now; empty: it can.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// The ledger has been changed: it is to be saved with the next save(). True: what is kept is
    /// affected.
    [[nodiscard]] bool note(const Ledger::Changes& changes);
    /// This ExaBGP has been sent all that is kept. Saved with the next save().
    void note_had_by(const std::string& uuid);
    /// As the file had it at the start.
    void restore_had_by(const std::string& uuid) { had_by_ = uuid; }
    /// The ExaBGP that was sent all that is kept; empty: none.
    [[nodiscard]] const std::string& had_by() const { return had_by_; }
    /// Called with the reason why a change is not on disk; empty: it is.
    using OnSaved = std::function<void(const std::string& problem)>;
    enum class When {
        Now,
        /// Further changes are expected: a few are written together, since a write takes longer
        /// than ExaBGP does.
        WithOthers,
    };
    /// Saves what was noted; `on_saved` may be empty, and is called once all of it is on disk.
    void save(OnSaved on_saved, When when = When::Now);

    /// The file can be used again, or is a new one. What then fails once more is tried again after
    /// a pause: a disk may have room for events, and not for all routes.
    void on_store_change();
    /// What was noted is still written, but what fails is not tried again.
    void stop();

  private:
    /// Whether a change is to be written by itself.
    [[nodiscard]] bool writes_changes() const;
    void try_again();
    void save_in_groups();
    void save_next();
    void save_all();
    void write(RouteWrite change);
    void saved(const std::string& problem, const std::vector<OnSaved>& waiting);
    void read(std::optional<StoredRoutes> stored);

    StoreThread* store_;
    const Ledger& ledger_;
    OnRead on_read_;
    RouteWrite unsaved_;
    std::string had_by_;
    std::vector<OnSaved> waiting_;  // for unsaved_ to be saved
    bool saving_ = false;           // or reading
    bool again_ = false;            // try_again() is to follow
    bool hurries_ = true;           // on_store_change() need not wait for retry_
    bool unread_ = false;
    bool stopped_ = false;
    std::string problem_;
    uv::Timer retry_;
    bool others_come_ = false;  // as the last save() has said
    uv::Timer group_;           // when they are waited for no longer
};

}  // namespace exapulse
