// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/routes/save_plan.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace exapulse {

void SavePlan::wait_until_readable(TimePoint now) {
    problem_ = "those that were kept before can't be read yet";
    unread_ = true;
    all_at_ = now + pause;
}

bool SavePlan::note(const Ledger::Changes& changes, std::string_view nlri) {
    bool affected = false;
    const bool by_itself = can_promise();
    for (const Ledger::Removed& removed : changes.removed) {
        if (!removed.saved) continue;
        affected = true;
        if (by_itself) unsaved_.removed.push_back(removed.number);
    }
    const LedgerEntry* added = changes.added ? ledger_.find(*changes.added) : nullptr;
    if (added == nullptr || !added->saved()) {
        if (affected && !disabled_) ceased_.emplace(nlri);
        return affected;
    }
    if (by_itself) unsaved_.added.emplace_back(*changes.added, *added);
    return true;
}

bool SavePlan::may_have(std::string_view nlri) const {
    return ceased_.contains(nlri) || ceased_asked_.contains(nlri);
}

void SavePlan::note_had_by(const std::string& uuid) {
    had_by_ = uuid;
    if (can_promise()) unsaved_.had_by = uuid;
}

void SavePlan::save(OnSaved on_saved, When when, TimePoint now) {
    if (!can_promise()) {
        if (on_saved) on_saved(problem_);
        return;
    }
    if (on_saved) waiting_.push_back(std::move(on_saved));
    const bool waits =
        when == When::WithOthers && !waiting_.empty() && waiting_.size() < group_size;
    const TimePoint at = waits ? now + group_time : now;
    write_at_ = std::min(write_at_.value_or(at), at);
}

/// While nothing can be saved, changes are not remembered one by one, since all routes are written
/// later; those that come during that write are.
bool SavePlan::can_promise() const {
    return problem_.empty() || asked_ == Asked::Write;
}

void SavePlan::on_store_change(TimePoint now) {
    if (stopped_) return;
    if (asked_ != Asked::Nothing) {
        changed_ = true;  // what is on its way may be for the file before
        return;
    }
    if (all_at_ && now < *all_at_) {
        if (now < hurry_after_) return;
        hurry_after_ = now + pause;
    }
    all_at_ = now;
}

void SavePlan::stop(TimePoint now) {
    stopped_ = true;
    write_at_ = now;
}

bool SavePlan::all_is_due(TimePoint now) const {
    return all_at_ && *all_at_ <= now && !stopped_;
}

std::optional<SavePlan::Step> SavePlan::next(TimePoint now) {
    if (asked_ != Asked::Nothing) return std::nullopt;
    if (all_is_due(now)) {
        all_at_.reset();
        asked_ = unread_ ? Asked::Read : Asked::Write;
        if (unread_) return Step{.reads = true};
        unsaved_ = {};
        write_at_.reset();
        ceased_asked_.merge(ceased_);
        told_next_ = std::exchange(waiting_, {});
        return Step{.change = all()};
    }
    if (!problem_.empty() || !write_at_ || now < *write_at_) return std::nullopt;
    write_at_.reset();
    if (unsaved_.added.empty() && unsaved_.removed.empty() && !unsaved_.had_by) {
        tell(std::exchange(waiting_, {}), {});
        return std::nullopt;
    }
    asked_ = Asked::Write;
    ceased_asked_.merge(ceased_);
    told_next_ = std::exchange(waiting_, {});
    return Step{.change = std::exchange(unsaved_, {})};
}

RouteWrite SavePlan::all() const {
    RouteWrite write{.all = true, .had_by = had_by_};
    for (const auto& [number, entry] : ledger_.entries())
        if (entry.saved()) write.added.emplace_back(number, entry);
    return write;
}

std::optional<TimePoint> SavePlan::next_due() const {
    if (asked_ != Asked::Nothing) return std::nullopt;
    if (all_at_ && !stopped_) return all_at_;
    return problem_.empty() ? write_at_ : std::nullopt;
}

void SavePlan::on_written(const std::string& problem, TimePoint now) {
    assert(asked_ == Asked::Write);
    asked_ = Asked::Nothing;
    problem_ = problem;
    Listeners told = std::exchange(told_next_, {});
    if (!problem.empty()) ceased_.merge(ceased_asked_);
    ceased_asked_.clear();
    if (problem.empty()) {
        hurry_after_ = {};
        if (std::exchange(changed_, false)) all_at_ = now;
    } else {
        try_later(now);
        // Before anything else is promised; what waits is part of it.
        if (!all_is_due(now))
            for (OnSaved& on_saved : std::exchange(waiting_, {}))
                told.push_back(std::move(on_saved));
    }
    tell(told, problem);
}

void SavePlan::on_read(bool read, TimePoint now) {
    assert(asked_ == Asked::Read);
    asked_ = Asked::Nothing;
    if (!read) return try_later(now);
    changed_ = false;
    unread_ = false;
    problem_.clear();
    all_at_ = now;
}

void SavePlan::try_later(TimePoint now) {
    all_at_ = now + pause;
    if (std::exchange(changed_, false)) on_store_change(now);
}

void SavePlan::tell(const Listeners& listeners, const std::string& problem) {
    for (const OnSaved& on_saved : listeners) on_saved(problem);
}

}  // namespace exapulse
