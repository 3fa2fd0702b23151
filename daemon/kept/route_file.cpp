// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/route_file.hpp"

#include <algorithm>
#include <utility>

#include "daemon/system/clock.hpp"

namespace exapulse {

RouteFile::RouteFile(uv::Loop& loop, StoreThread* store, const Ledger& ledger, OnRead on_read)
    : store_(store), on_read_(std::move(on_read)), plan_(ledger), due_(loop, [this] {
          due_at_.reset();
          go_on();
      }) {
    if (store_ == nullptr) plan_.disable("history.store is false");
}

void RouteFile::wait_until_readable() {
    plan_.wait_until_readable(steady_now());
    go_on();
}

void RouteFile::save(OnSaved on_saved, When when) {
    plan_.save(std::move(on_saved), when, steady_now());
    go_on();
}

void RouteFile::on_store_change() {
    if (store_ == nullptr) return;
    plan_.on_store_change(steady_now());
    go_on();
}

void RouteFile::stop() {
    plan_.stop(steady_now());
    go_on();
}

void RouteFile::go_on() {
    if (auto step = plan_.next(steady_now())) ask(std::move(*step));
    await_next_due();
}

void RouteFile::ask(SavePlan::Step step) {
    if (step.reads) {
        store_->ask<std::optional<StoredRoutes>>(
            [](EventStore& store) { return store.read_routes(); },
            [this](std::optional<StoredRoutes> stored) {
                const bool read = stored.has_value();
                if (read) on_read_(std::move(*stored));
                plan_.on_read(read, steady_now());
                go_on();
            });
        return;
    }
    store_->ask<std::string>(
        [change = std::move(step.change)](EventStore& store) { return store.write_routes(change); },
        [this](const std::string& problem) {
            plan_.on_written(problem, steady_now());
            go_on();
        });
}

void RouteFile::await_next_due() {
    const std::optional<TimePoint> at = plan_.next_due();
    if (at == due_at_) return;
    due_at_ = at;
    if (!at) return due_.stop();
    const auto left = std::chrono::ceil<Milliseconds>(*at - steady_now());
    due_.start(std::max(left, Milliseconds(0)));
}

}  // namespace exapulse
