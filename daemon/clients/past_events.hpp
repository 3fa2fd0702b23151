// SPDX-License-Identifier: BSD-3-Clause
// PastEvents: the answers to `sidecar history` and to `sidecar subscribe since`, a page at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/clients/paged_answers.hpp"
#include "daemon/clients/past_place.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/store/store_thread.hpp"

namespace exapulse {

/// From the file; while it can't be used, or without one, from what is kept in memory of this run
/// of exapulsed, and then in one page of at most half of limits.client_backlog.
class PastEvents {
  public:
    /// `store`: nullptr where events are kept in memory only. All outlive it, and it outlives the
    /// answers.
    PastEvents(StoreThread* store, const EventLog& log, const Config& config)
        : store_(store), log_(log), config_(config) {}

    /// Since a time, or after an event.
    using Since = PastPlace;

    /// All events there are, or those since a time, after a line that says where they begin.
    [[nodiscard]] PagedAnswers::Fetch history(std::optional<WallTime> since,
                                              const EventFilter& filter) const;
    /// What a stream that begins `since` then has missed until now; a `gap` first where some of it
    /// is not kept.
    [[nodiscard]] PagedAnswers::Fetch replay(const Since& since, const EventTypes& types) const;

  private:
    struct StorePage;
    /// After which event the next page begins; nullopt: it is the first.
    using Place = std::shared_ptr<std::optional<EventPosition>>;

    void ask(const std::optional<Since>& since, const Place& place, const EventFilter& filter,
             std::size_t bytes, std::function<void(const StorePage&)> take) const;
    /// Adds events that were published after the store answered; false: ask it again.
    [[nodiscard]] bool add_newest(PagedAnswers::Page& page, const EventPosition& after,
                                  const EventTypes& types, std::size_t bytes) const;

    [[nodiscard]] PagedAnswers::Page history_in_memory(std::optional<WallTime> since,
                                                       const EventFilter& filter) const;
    /// `without`: the answer to a client that names another run of exapulsed.
    [[nodiscard]] PagedAnswers::Page replay_in_memory(const Since& since, const EventTypes& types,
                                                      PagedAnswers::Page without) const;
    [[nodiscard]] std::size_t most_from_memory() const { return config_.limits.client_backlog / 2; }

    StoreThread* store_;
    const EventLog& log_;
    const Config& config_;
};

}  // namespace exapulse
