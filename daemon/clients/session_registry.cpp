// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_registry.hpp"

#include <algorithm>
#include <malloc.h>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"

namespace exapulse {

namespace {

/// How soon a half-closed client that has gone, or a subscriber that reads again, is noticed where
/// nothing else wakes the loop.
constexpr std::chrono::seconds care_interval{1};

/// How long the lines of one client are handled at a time, and those of all clients before the loop
/// looks at ExaBGP, at timers and at new input again.
constexpr std::chrono::microseconds client_slice{200};
constexpr std::chrono::milliseconds turn_budget{10};

/// Memory that is free in the heap goes back to the system every so often, if it is so much.
constexpr int cares_per_trim = 5;
constexpr std::size_t worth_a_trim = 16U << 20;

void give_memory_back() {
#ifdef __GLIBC__
    if (mallinfo2().fordblks > worth_a_trim) malloc_trim(0);
#endif
}

}  // namespace

SessionRegistry::SessionRegistry(uv::Loop& loop, const Limits& limits, IsAdmin is_admin,
                                 OnClosed on_closed, LaggedEvent lagged_event)
    : limits_(limits),
      is_admin_(std::move(is_admin)),
      on_closed_(std::move(on_closed)),
      lagged_event_(std::move(lagged_event)),
      accounts_(limits),
      turn_end_(loop, [this] { end_turn(); }),
      next_turn_(loop, [] {}),
      care_(loop, [this] { look_after(); }) {
    care_.start(care_interval);
}

void SessionRegistry::admit(std::unique_ptr<uv::Pipe> pipe, WallTime since,
                            ClientSession::Listener& listener) {
    const PeerCredentials peer = PeerCredentials::of(pipe->fd());
    const auto account = accounts_.of(peer.uid, is_admin_(peer.uid));
    const SessionId id = ++last_id_;
    if (const std::string full = accounts_.full(*account, sessions_.size()); !full.empty()) {
        // No session: a flood of these must not take the places that are kept for admins.
        if (account->log().take(std::chrono::steady_clock::now()))
            spdlog::warn("session {} ({}): refused, {}", id, peer.describe(), full);
        pipe->write(format_error(ErrorCode::Busy, full) + "\nerror\n");
        return;
    }
    auto session = std::make_unique<ClientSession>(id, std::move(pipe), peer, account, limits_,
                                                   listener, since);
    ClientSession& fresh = *session;
    sessions_.emplace(id, std::move(session));
    accounts_.attach(*account);
    spdlog::debug("{}: attached, gid {}", fresh.describe(), peer.gid);
    fresh.start();
}

bool SessionRegistry::may_log_about(SessionId owner) {
    ClientSession* session = find(owner);
    LogBudget& budget = session == nullptr ? log_of_departed_ : session->account()->log();
    return budget.take(std::chrono::steady_clock::now());
}

ClientSession* SessionRegistry::find(SessionId id) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second->finished()) return nullptr;
    return found->second.get();
}

void SessionRegistry::for_each(const std::function<void(ClientSession&)>& visit) {
    for (const auto& [id, session] : sessions_)
        if (!session->finished()) visit(*session);
}

void SessionRegistry::on_event(const Event& event, const EventPlace& place,
                               const std::string& line) {
    for (const auto& [id, session] : subscribers_) session->offer(event, place, line);
}

void SessionRegistry::subscribed(ClientSession& session) {
    subscribers_.emplace(session.id(), &session);
    for (std::size_t type = 0; type < wanted_.size(); ++type)
        wanted_[type] += session.types().test(type) ? 1U : 0U;
}

bool SessionRegistry::anyone_wants(const EventTypes& types) const {
    for (std::size_t type = 0; type < wanted_.size(); ++type)
        if (types.test(type) && wanted_[type] > 0) return true;
    return false;
}

bool SessionRegistry::drained() const {
    return due_.empty() && std::all_of(sessions_.begin(), sessions_.end(), [](const auto& entry) {
               return entry.second->backlog() == 0;
           });
}

void SessionRegistry::changed(const ClientSession& session) {
    // An answer of many lines changes the same session many times.
    if (changed_.empty() || changed_.back() != session.id()) changed_.push_back(session.id());
}

void SessionRegistry::flush() {
    // What is to be written makes its session a changed one; a flush may change further ones.
    for (const SessionId id : std::vector(changed_))
        if (ClientSession* session = find(id)) session->flush();
}

void SessionRegistry::work() {
    TimePoint at = std::chrono::steady_clock::now();
    const TimePoint until = at + turn_budget;
    for (; !due_.empty() && at < until; at = std::chrono::steady_clock::now()) {
        ClientSession* session = find(due_.take());
        if (session != nullptr && session->work(at + client_slice)) has_input(*session);
    }
    if (!due_.empty()) next_turn_.ask();
}

void SessionRegistry::end_turn() {
    work();
    // A flush may change sessions again, itself among them: those are for the next turn.
    for (const SessionId id : std::exchange(changed_, {})) {
        const auto found = sessions_.find(id);
        if (found == sessions_.end()) continue;
        found->second->flush();
        if (!found->second->finished()) continue;
        remove(id);
    }
}

void SessionRegistry::remove(SessionId id) {
    const auto session = sessions_.find(id);
    on_closed_(*session->second);
    accounts_.detach(*session->second->account());
    if (subscribers_.erase(id) > 0)
        for (std::size_t type = 0; type < wanted_.size(); ++type)
            wanted_[type] -= session->second->types().test(type) ? 1U : 0U;
    sessions_.erase(session);
}

void SessionRegistry::look_after() {
    care_.start(care_interval);
    const TimePoint now = std::chrono::steady_clock::now();
    accounts_.look_after(now, [](uid_t uid, std::uint64_t lines) {
        spdlog::warn("uid {}: {} about its clients left out", uid, counted(lines, "more line"));
    });
    if (const auto lines = log_of_departed_.sum(now); lines > 0)
        spdlog::warn("{} about clients that are gone left out", counted(lines, "more line"));
    if (++cares_ % cares_per_trim == 0) give_memory_back();
    for (const auto& [id, session] : sessions_) {
        session->check_peer();
        if (!session->lagging()) continue;
        const auto [event, boot] = lagged_event_();
        session->catch_up(event, boot);
    }
}

}  // namespace exapulse
