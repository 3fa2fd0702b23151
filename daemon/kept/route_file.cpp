// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/route_file.hpp"

#include <utility>

namespace exapulse {

namespace {

using namespace std::chrono_literals;

/// Before what could not be saved is tried again, if the store reports no change before that.
constexpr Milliseconds save_pause = 5s;

/// How many changes are written together, and how long the first of them waits for others.
constexpr std::size_t group_size = 32;
constexpr Milliseconds group_time = 2ms;

}  // namespace

RouteFile::RouteFile(uv::Loop& loop, StoreThread* store, const Ledger& ledger, OnRead on_read)
    : store_(store),
      ledger_(ledger),
      on_read_(std::move(on_read)),
      retry_(loop,
             [this] {
                 hurries_ = true;
                 try_again();
             }),
      group_(loop, [this] { save_next(); }) {
    if (store_ == nullptr) problem_ = "history.store is false";
}

void RouteFile::wait_until_readable() {
    problem_ = "those that were kept before can't be read yet";
    unread_ = true;
}

bool RouteFile::note(const Ledger::Changes& changes) {
    bool affected = false;
    const bool usable = writes_changes();
    for (const Ledger::Removed& removed : changes.removed) {
        if (!removed.kept) continue;
        affected = true;
        if (usable) unsaved_.removed.push_back(removed.number);
    }
    if (!changes.added) return affected;
    const LedgerEntry& entry = *ledger_.find(*changes.added);
    if (!entry.kept) return affected;
    if (usable) unsaved_.added.emplace_back(*changes.added, entry);
    return true;
}

void RouteFile::note_had_by(const std::string& uuid) {
    had_by_ = uuid;
    if (writes_changes()) unsaved_.had_by = uuid;
}

void RouteFile::save(OnSaved on_saved, When when) {
    if (!writes_changes()) {
        if (on_saved) on_saved(problem_);
        return;
    }
    if (on_saved) waiting_.push_back(std::move(on_saved));
    others_come_ = when == When::WithOthers;
    save_in_groups();
}

void RouteFile::save_in_groups() {
    const bool waits = others_come_ && !waiting_.empty() && waiting_.size() < group_size;
    if (!waits) return save_next();
    if (!group_.active()) group_.start(group_time);
}

void RouteFile::save_next() {
    if (saving_ || !problem_.empty()) return;
    group_.stop();
    const bool nothing = unsaved_.added.empty() && unsaved_.removed.empty() && !unsaved_.had_by;
    if (!nothing) return write(std::exchange(unsaved_, {}));
    for (const OnSaved& on_saved : std::exchange(waiting_, {})) on_saved({});
}

/// While nothing can be saved, changes are not remembered one by one, since all routes are written
/// later; those that come during that write are.
bool RouteFile::writes_changes() const {
    return problem_.empty() || (saving_ && !unread_);
}

/// All that is kept, since the file may be another one.
void RouteFile::save_all() {
    RouteWrite all{.all = true, .had_by = had_by_};
    for (const auto& [number, entry] : ledger_.entries())
        if (entry.kept) all.added.emplace_back(number, entry);
    unsaved_ = {};
    write(std::move(all));
}

void RouteFile::write(RouteWrite change) {
    saving_ = true;
    store_->ask<std::string>(
        [change = std::move(change)](EventStore& store) { return store.write_routes(change); },
        [this, waiting = std::exchange(waiting_, {})](const std::string& problem) {
            saved(problem, waiting);
        });
}

void RouteFile::saved(const std::string& problem, const std::vector<OnSaved>& waiting) {
    saving_ = false;
    problem_ = problem;
    if (std::exchange(again_, false)) try_again();  // before anything else is promised
    for (const OnSaved& on_saved : waiting) on_saved(problem);
    if (saving_) return;
    if (problem.empty()) {
        hurries_ = true;
        retry_.stop();
        return save_in_groups();
    }
    for (const OnSaved& on_saved : std::exchange(waiting_, {})) on_saved(problem);
    retry_.start(save_pause);
}

void RouteFile::stop() {
    stopped_ = true;
    others_come_ = false;
    save_next();
}

void RouteFile::on_store_change() {
    if (retry_.active() && !std::exchange(hurries_, false)) return;
    try_again();
}

void RouteFile::try_again() {
    if (store_ == nullptr || stopped_) return;
    if (saving_) {
        again_ = true;  // what is on its way may be for the file before
        return;
    }
    if (!unread_) return save_all();
    saving_ = true;
    store_->ask<std::optional<StoredRoutes>>(
        [](EventStore& store) { return store.read_routes(); },
        [this](std::optional<StoredRoutes> stored) { read(std::move(stored)); });
}

void RouteFile::read(std::optional<StoredRoutes> stored) {
    saving_ = again_ = false;
    if (!stored) {
        retry_.start(save_pause);
        return;
    }
    unread_ = false;
    on_read_(std::move(*stored));
    problem_.clear();
    save_all();
}

}  // namespace exapulse
