// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/past_events.hpp"

#include <utility>

#include <fmt/format.h>

#include "daemon/system/clock.hpp"

namespace exapulse {

struct PastEvents::StorePage {
    std::string problem{};                // why the file can't be used now; empty while it is
    bool known = true;                    // the run of exapulsed that the client named
    std::optional<HistoryStart> start{};  // of the first page
    EventPage events{};

    /// Called by the store's thread.
    static StorePage first(EventStore& store, const std::optional<Since>& since,
                           const EventFilter& filter, std::size_t bytes);
};

namespace {

using Page = PagedAnswers::Page;
using Take = PagedAnswers::Take;

Page unknown_place() {
    return {.lines = {},
            .last = true,
            .error = refusal(ErrorCode::UnknownPlace,
                             "exapulsed knows nothing of that run of its own: the place is of "
                             "another host, or too old, or its history was lost; subscribe without "
                             "`since`, or since a time")};
}

Page unreadable(std::string_view problem) {
    return {.lines = {},
            .last = true,
            .error = refusal(ErrorCode::Busy,
                             fmt::format("the history can't be read now ({}); try again later, or "
                                         "subscribe since a time",
                                         problem))};
}

}  // namespace

PastEvents::StorePage PastEvents::StorePage::first(EventStore& store,
                                                   const std::optional<Since>& since,
                                                   const EventFilter& filter, std::size_t bytes) {
    StorePage page;
    page.start.emplace();
    if (const auto* position = since ? std::get_if<EventPosition>(&*since) : nullptr) {
        page.known = store.knows(position->boot);
        page.start->after = *position;
    } else {
        page.start = store.start(since ? std::optional(std::get<WallTime>(*since)) : std::nullopt);
    }
    page.problem = store.problem();
    if (page.problem.empty() && page.known)
        page.events = store.read(page.start->after, filter, bytes);
    return page;
}

void PastEvents::ask(const std::optional<Since>& since, const Place& place,
                     const EventFilter& filter, std::size_t bytes,
                     std::function<void(const StorePage&)> take) const {
    store_->ask<StorePage>(
        [since, after = *place, filter, bytes](EventStore& store) {
            if (!after) return StorePage::first(store, since, filter, bytes);
            return StorePage{.events = store.read(*after, filter, bytes)};
        },
        [place, take = std::move(take)](const StorePage& page) {
            *place = page.events.last;
            take(page);
        });
}

PagedAnswers::Fetch PastEvents::history(std::optional<WallTime> since,
                                        const EventFilter& filter) const {
    if (store_ == nullptr)
        return [this, since, filter](std::size_t, const Take& take) {
            take(history_in_memory(since, filter));
        };
    return [this, since, filter, place = std::make_shared<std::optional<EventPosition>>()](
               std::size_t bytes, Take take) {
        const auto from = since ? std::optional(Since(*since)) : std::nullopt;
        ask(from, place, filter, bytes,
            [this, since, filter, take = std::move(take)](const StorePage& read) {
                if (!read.problem.empty()) return take(history_in_memory(since, filter));
                Page page{.lines = {}, .last = read.events.end, .error = {}};
                if (read.start) {
                    HistoryStart start = *read.start;
                    const WallTime at = now().wall;
                    if (!start.runs.empty() && start.runs.back().boot == log_.place().boot)
                        start.runs.back().until = at;
                    page.lines.append(format_history_start(start, at)).append("\n");
                }
                page.lines += read.events.lines;
                take(std::move(page));
            });
    };
}

PagedAnswers::Fetch PastEvents::replay(const Since& since, const EventTypes& types) const {
    if (store_ == nullptr)
        return [this, since, types](std::size_t, const Take& take) {
            take(replay_in_memory(since, types, unknown_place()));
        };
    return [this, since, types, place = std::make_shared<std::optional<EventPosition>>()](
               std::size_t bytes, Take take) {
        ask(since, place, types, bytes,
            [this, since, types, bytes, take = std::move(take)](const StorePage& read) {
                if (!read.problem.empty())
                    return take(replay_in_memory(since, types, unreadable(read.problem)));
                if (!read.known) return take(unknown_place());
                Page page;
                if (read.start && !read.start->complete)
                    page.lines.append(format_gap(*read.start, 0)).append("\n");
                page.lines += read.events.lines;
                page.last = read.events.end && add_newest(page, read.events.last, types, bytes);
                take(std::move(page));
            });
    };
}

bool PastEvents::add_newest(Page& page, const EventPosition& after, const EventTypes& types,
                            std::size_t bytes) const {
    const EventPlace newest = log_.place();
    const std::uint64_t seq = after.boot == newest.boot ? after.seq : 0;
    const auto rest = log_.history().excerpt_after(seq, types, bytes);
    if (!rest.complete) return false;
    for (const std::string& line : rest.lines) page.lines.append(line).append("\n");
    return true;
}

Page PastEvents::history_in_memory(std::optional<WallTime> since, const EventFilter& filter) const {
    const WallTime at = now().wall;
    auto excerpt = log_.history().excerpt(since, filter.types, most_from_memory());
    excerpt.after.boot = log_.place().boot;
    excerpt.runs.push_back({excerpt.after.boot, log_.started(), at});
    Page page{.lines = format_history_start(excerpt, at) + "\n", .last = true, .error = {}};
    for (const std::string& event : excerpt.lines)
        if (filter.about_peer(event)) page.lines.append(event).append("\n");
    return page;
}

Page PastEvents::replay_in_memory(const Since& since, const EventTypes& types, Page without) const {
    const std::string boot(log_.place().boot);
    const auto* position = std::get_if<EventPosition>(&since);
    if (position != nullptr && position->boot != boot) return without;
    auto excerpt =
        position != nullptr
            ? log_.history().excerpt_after(position->seq, types, most_from_memory())
            : log_.history().excerpt(std::get<WallTime>(since), types, most_from_memory());
    excerpt.after.boot = boot;
    Page page{.lines = {}, .last = true, .error = {}};
    if (!excerpt.complete) page.lines.append(format_gap(excerpt, 0)).append("\n");
    for (const std::string& event : excerpt.lines) page.lines.append(event).append("\n");
    return page;
}

}  // namespace exapulse
