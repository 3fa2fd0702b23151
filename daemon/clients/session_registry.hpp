// SPDX-License-Identifier: BSD-3-Clause
// SessionRegistry: owns every client session, admits new ones and buries finished ones.
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

/// Nobody dies on their own stack: a finished session stays until the turn of the loop ends, so a
/// loop over sessions, and a session's own callback, stay valid. Clients whose lines wait take
/// turns, and all of them together get only so much time in a turn of the loop.
class SessionRegistry final : public EventSink {
  public:
    using Limits = ClientSession::Limits;
    /// Called once for every session at its end.
    using OnClosed = std::function<void(const ClientSession&)>;
    /// What a client may do who connects.
    using GrantOf = std::function<std::shared_ptr<const Grant>(const Caller&)>;
    /// Makes the `lagged` event for the current state.
    using LaggedEvent = std::function<std::pair<Event, std::string>()>;

    /// `limits` and `listener` must outlive the registry.
    SessionRegistry(uv::Loop& loop, const Limits& limits, GrantOf grant_of, OnClosed on_closed,
                    LaggedEvent lagged_event);

    /// Takes over a connection just accepted: serves it, or tells it which limit is reached and
    /// closes it.
    void admit(uv::Pipe pipe, WallTime since, ClientSession::Listener& listener);
    /// To be called for on_session_input().
    void has_input(const ClientSession& session) { due_.add(session.peer().uid, session.id()); }
    /// To be called for on_session_changed().
    void changed(ClientSession& session);
    /// To be called once for a session that has subscribed, which is told what comes after.
    void subscribed(ClientSession& session);
    /// Tells all subscribers at the end of the turn, and never waits for one: one that does not
    /// read loses the event and is told later.
    void on_event(const Event& event, const EventPlace& place, const std::string& line) override;
    /// Writes at once what would else be written at the end of the turn.
    void flush();

    /// Whether one more line about the owner of a command may be logged.
    [[nodiscard]] bool may_log_about(SessionId owner);

    /// nullptr when it is gone.
    [[nodiscard]] ClientSession* find(SessionId id);
    void for_each(const std::function<void(ClientSession&)>& visit);
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }
    [[nodiscard]] std::size_t subscribers() const { return subscribers_.size(); }
    /// Whether some session has subscribed to one of `types`.
    [[nodiscard]] bool anyone_wants(const EventTypes& types) const;
    /// True when no line that was read waits to be handled, and nothing that was sent waits for a
    /// client to read it.
    [[nodiscard]] bool drained() const;

  private:
    void remove(SessionId id);
    void work();
    void end_turn();
    void tell_subscribers();
    void unsubscribe(const ClientSession& session);
    [[nodiscard]] bool is_subscriber(const ClientSession& session) const;
    void stay_awake();
    void look_after();

    GrantOf grant_of_;
    OnClosed on_closed_;
    LaggedEvent lagged_event_;
    UserAccounts accounts_;
    LogBudget log_of_departed_;
    std::unordered_map<SessionId, std::unique_ptr<ClientSession>> sessions_;
    std::vector<ClientSession*> subscribers_;  // each knows its place
    EventBatch untold_;
    std::array<std::size_t, event_type_names.size()> wanted_{};  // subscribers to each type
    WorkTurns due_;                   // those whose lines are to be handled
    std::vector<SessionId> changed_;  // each once
    SessionId last_id_ = 0;
    uv::TurnEnd turn_end_;
    uv::NextTurn next_turn_;
    std::unordered_set<SessionId> in_care_;
    uv::Timer care_;
    int cares_left_ = 0;  // before the timer rests, if nothing happens
};

}  // namespace exapulse
