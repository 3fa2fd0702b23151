// SPDX-License-Identifier: BSD-3-Clause
// SessionRegistry: owns all client sessions, admits new ones and removes finished ones.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/clients/client_session.hpp"
#include "daemon/clients/work_turns.hpp"
#include "daemon/events/event_batch.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/uv/loop.hpp"
#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/timer.hpp"
#include "daemon/uv/turn_end.hpp"

namespace exapulse {

/// A session is never destroyed inside its own callback: a finished one is removed at the end of
/// the turn of the loop, so that loops over sessions stay valid. Clients with lines to be handled
/// take turns, for a limited time in each turn of the loop.
class SessionRegistry final : public EventSink {
  public:
    using Limits = ClientSession::Limits;
    /// Called once for each session, before it is destroyed.
    using OnClosed = std::function<void(const ClientSession&)>;
    /// Decides what a client that connects may do.
    using GrantOf = std::function<std::shared_ptr<const Grant>(const Caller&)>;
    /// Makes the `lagged` event for the current state.
    using LaggedEvent = std::function<std::pair<Event, std::string>()>;

    /// `limits` and `listener` must outlive the registry.
    SessionRegistry(uv::Loop& loop, const Limits& limits, GrantOf grant_of, OnClosed on_closed,
                    LaggedEvent lagged_event);

    /// Takes ownership of a connection just accepted: serves it, or answers with the limit that is
    /// reached and closes it.
    void admit(uv::Pipe pipe, WallTime since, ClientSession::Listener& listener);
    /// Call it for on_session_input().
    void has_input(const ClientSession& session) { due_.add(session.peer().uid, session.id()); }
    /// Call it for on_session_changed().
    void changed(ClientSession& session);
    /// Call it once for a session that has subscribed: it gets the events from now on.
    void subscribed(ClientSession& session);
    /// Passes the event to all subscribers at the end of the turn, and waits for none: one that
    /// does not read loses the event and gets `lagged` later.
    void on_event(const Event& event, const EventPlace& place, const std::string& line) override;
    /// Writes now what would otherwise be written at the end of the turn.
    void flush();

    /// Whether the log budget allows one more line about the owner of a command.
    [[nodiscard]] bool may_log_about(SessionId owner);

    /// nullptr if it has ended.
    [[nodiscard]] ClientSession* find(SessionId id);
    void for_each(const std::function<void(ClientSession&)>& visit);
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }
    [[nodiscard]] std::size_t subscribers() const { return subscribers_.size(); }
    /// Whether some session has subscribed to one of `types`.
    [[nodiscard]] bool anyone_wants(const EventTypes& types) const;
    /// Whether all lines that were read have been handled, and clients have read all that was sent
    /// to them.
    [[nodiscard]] bool drained() const;

  private:
    void remove(SessionId id);
    void work();
    void end_turn();
    void send_events();
    void unsubscribe(const ClientSession& session);
    [[nodiscard]] bool is_subscriber(const ClientSession& session) const;
    void stay_awake();
    void check_sessions();

    GrantOf grant_of_;
    OnClosed on_closed_;
    LaggedEvent lagged_event_;
    UserAccounts accounts_;
    LogBudget log_of_departed_;
    std::unordered_map<SessionId, ClientSession> sessions_;      // whose nodes never move
    std::vector<ClientSession*> subscribers_;                    // each has its index as place()
    EventBatch unsent_events_;                                   // of this turn
    std::array<std::size_t, event_type_names.size()> wanted_{};  // subscribers to each type
    WorkTurns due_;                   // sessions with lines to be handled
    std::vector<SessionId> changed_;  // each once
    SessionId last_id_ = 0;
    uv::TurnEnd turn_end_;
    uv::NextTurn next_turn_;
    std::unordered_set<SessionId> to_check_;
    uv::Timer check_timer_;
    int checks_left_ = 0;  // until the timer stops, if nothing happens
};

}  // namespace exapulse
