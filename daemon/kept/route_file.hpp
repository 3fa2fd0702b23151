// SPDX-License-Identifier: BSD-3-Clause
// RouteFile: what the ledger keeps, on disk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/routes/ledger.hpp"
#include "daemon/routes/save_plan.hpp"
#include "daemon/store/store_thread.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// Asks the store for what a SavePlan decides.
class RouteFile {
  public:
    using OnSaved = SavePlan::OnSaved;
    using When = SavePlan::When;
    /// Gets what was in a file that could not be read at the start. What has been noted since was
    /// not saved: afterwards all that the ledger keeps is.
    using OnRead = std::function<void(StoredRoutes)>;

    /// `store`: nullptr where nothing is kept on disk. Both outlive it.
    RouteFile(uv::Loop& loop, StoreThread* store, const Ledger& ledger, OnRead on_read);

    // As SavePlan has them:
    void wait_until_readable();
    [[nodiscard]] bool unread() const { return plan_.unread(); }
    [[nodiscard]] bool note(const Ledger::Changes& changes, std::string_view nlri) {
        return plan_.note(changes, nlri);
    }
    [[nodiscard]] bool may_have(std::string_view nlri) const {
        return plan_.unread() || plan_.may_have(nlri);
    }
    [[nodiscard]] bool may_have_any() const { return plan_.unread() || plan_.may_have_any(); }
    void note_had_by(const std::string& uuid) { plan_.note_had_by(uuid); }
    void restore_had_by(const std::string& uuid) { plan_.restore_had_by(uuid); }
    [[nodiscard]] const std::string& had_by() const { return plan_.had_by(); }
    void save(OnSaved on_saved, When when = When::Now);
    void on_store_change();
    void stop();

  private:
    void go_on();
    void ask(SavePlan::Step step);
    void await_next_due();

    StoreThread* store_;
    OnRead on_read_;
    SavePlan plan_;
    uv::Timer due_;
    std::optional<TimePoint> due_at_;  // when due_ ends
};

}  // namespace exapulse
