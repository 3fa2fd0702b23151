// SPDX-License-Identifier: BSD-3-Clause
// SavePlan: what of the ledger is written to its file, when, and who is told. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/time.hpp"
#include "daemon/routes/ledger.hpp"
#include "daemon/routes/stored_routes.hpp"

namespace exapulse {

/// One step at a time: changes that come while the disk is busy are written together. After a
/// failure, and for a new file, all that is kept is written, once that is possible.
class SavePlan {
  public:
    /// Called once, with the reason why a change is not on disk; empty: it is.
    using OnSaved = std::function<void(const std::string& problem)>;
    enum class When {
        Now,
        WithOthers,  ///< further changes are expected: a few are written together
    };
    /// How many changes are written together, and how long the first of them waits for others.
    static constexpr std::size_t group_size = 32;
    static constexpr Milliseconds group_time{2};
    /// Before what failed is tried again. A change of the store cuts this short, but not twice in
    /// the same time: a disk may have room for events, and not for all routes.
    static constexpr Milliseconds pause{5000};

    /// `ledger` outlives it.
    explicit SavePlan(const Ledger& ledger) : ledger_(ledger) {}
    /// Nothing is ever saved.
    void disable(std::string why) {
        problem_ = std::move(why);
        disabled_ = true;
    }
    /// The file exists and could not be read: it is to be read before anything is written.
    void wait_until_readable(TimePoint now);
    /// Whether that is still so.
    [[nodiscard]] bool unread() const { return unread_; }

    /// Why nothing can be saved now; empty: it can.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// What the ledger has of this route has been changed: it is to be saved with the next save().
    /// True: what is kept is affected.
    [[nodiscard]] bool note(const Ledger::Changes& changes, std::string_view nlri);
    /// Whether the file may still have this route, or any route, that is no longer kept.
    [[nodiscard]] bool may_have(std::string_view nlri) const;
    [[nodiscard]] bool may_have_any() const { return !ceased_.empty() || !ceased_asked_.empty(); }
    /// This ExaBGP has been sent all that is kept. Saved with the next save().
    void note_had_by(const std::string& uuid);
    /// As the file had it at the start.
    void restore_had_by(const std::string& uuid) { had_by_ = uuid; }
    /// The ExaBGP that was sent all that is kept; empty: none.
    [[nodiscard]] const std::string& had_by() const { return had_by_; }
    /// Saves what was noted; `on_saved` may be empty. It may be called before this returns.
    void save(OnSaved on_saved, When when, TimePoint now);

    /// The file can be used again, or is another one.
    void on_store_change(TimePoint now);
    /// What was noted is still written, but what fails is not tried again.
    void stop(TimePoint now);

    struct Step {
        bool reads = false;   ///< the file; else `change` is to be written
        RouteWrite change{};  ///< of everything at this moment
    };
    /// What the store is to do now; on_written() or on_read() follows, before the next one.
    [[nodiscard]] std::optional<Step> next(TimePoint now);
    /// When next() may have something without a call to any other; nullopt: never.
    [[nodiscard]] std::optional<TimePoint> next_due() const;
    void on_written(const std::string& problem, TimePoint now);
    /// `read`: the ledger has what was in the file, and all that was noted since.
    void on_read(bool read, TimePoint now);

  private:
    using Listeners = std::vector<OnSaved>;
    [[nodiscard]] bool can_promise() const;
    [[nodiscard]] bool all_is_due(TimePoint now) const;
    [[nodiscard]] RouteWrite all() const;
    void try_later(TimePoint now);
    static void tell(const Listeners& listeners, const std::string& problem);

    const Ledger& ledger_;
    enum class Asked { Nothing, Read, Write };
    Asked asked_ = Asked::Nothing;
    std::string problem_;  // why nothing can be saved now; empty: it can
    std::string had_by_;
    RouteWrite unsaved_;                               // noted, and part of no step
    std::set<std::string, std::less<>> ceased_;        // to be kept, and part of no step
    std::set<std::string, std::less<>> ceased_asked_;  // and part of the step in progress
    Listeners waiting_;                                // for unsaved_
    Listeners told_next_;                              // once the step that was asked for has ended
    std::optional<TimePoint> write_at_;                // unsaved_
    std::optional<TimePoint> all_at_;  // is written, or the file read, instead of unsaved_
    TimePoint hurry_after_{};          // no pause is cut short before
    bool changed_ = false;             // the store, while it was asked
    bool unread_ = false;
    bool disabled_ = false;
    bool stopped_ = false;
};

}  // namespace exapulse
