// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_registry.hpp"

#include <algorithm>
#include <cassert>
#include <malloc.h>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"

namespace exapulse {

namespace {

/// How soon exapulsed notices that a half-closed client has disconnected, or that a subscriber
/// reads again, if nothing else wakes the loop.
constexpr std::chrono::seconds check_interval{1};

/// For how long the lines of one client are handled at a time, and those of all clients in one turn
/// of the loop.
constexpr std::chrono::microseconds client_slice{200};
constexpr std::chrono::milliseconds turn_budget{10};

/// The clock is read at least once for this many sessions.
constexpr std::size_t sessions_per_clock_read = 8;

/// How often free memory is returned to the system, and how much there must be.
constexpr int checks_per_trim = 5;
constexpr std::size_t worth_a_trim = 64U << 10;

/// Calls of check_sessions() after the last activity, until the timer stops: longer than
/// LogBudget::between_sums, so that no sum is lost.
constexpr int checks_until_idle = 30;

void trim_memory() {
#ifdef __GLIBC__
    if (mallinfo2().fordblks > worth_a_trim) malloc_trim(0);
#endif
}

}  // namespace

SessionRegistry::SessionRegistry(uv::Loop& loop, const Limits& limits, GrantOf grant_of,
                                 OnClosed on_closed, LaggedEvent lagged_event)
    : grant_of_(std::move(grant_of)),
      on_closed_(std::move(on_closed)),
      lagged_event_(std::move(lagged_event)),
      accounts_(limits),
      turn_end_(loop, [this] { end_turn(); }),
      next_turn_(loop, [] {}),
      check_timer_(loop, [this] { check_sessions(); }) {}

void SessionRegistry::admit(uv::Pipe pipe, WallTime since, ClientSession::Listener& listener) {
    stay_awake();
    const PeerCredentials peer = PeerCredentials::of(pipe.fd());
    auto grant = grant_of_({peer.uid, peer.gid, PeerCredentials::groups_of(pipe.fd())});
    const auto account = accounts_.of(peer.uid, grant->admin());
    const SessionId id = ++last_id_;
    if (const std::string full = accounts_.full(*account, sessions_.size()); !full.empty()) {
        // No session: a flood of these must not use up the connections reserved for admins.
        if (account->log().take(std::chrono::steady_clock::now()))
            spdlog::warn("session {} ({}): refused, {}", id, peer.describe(), full);
        pipe.write(format_error(ErrorCode::Busy, full) + "\nerror\n");
        return;
    }
    ClientSession& fresh =
        sessions_
            .try_emplace(id, id, std::move(pipe), peer, std::move(grant), account, listener, since)
            .first->second;
    accounts_.attach(*account);
    if (spdlog::should_log(spdlog::level::debug))
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
    if (found == sessions_.end() || found->second.finished()) return nullptr;
    return &found->second;
}

void SessionRegistry::for_each(const std::function<void(ClientSession&)>& visit) {
    for (auto& [id, session] : sessions_)
        if (!session.finished()) visit(session);
}

void SessionRegistry::subscribed(ClientSession& session) {
    assert(!is_subscriber(session));
    send_events();  // its snapshot covers them
    session.set_place(static_cast<std::uint32_t>(subscribers_.size()));
    subscribers_.push_back(&session);
    for (std::size_t type = 0; type < wanted_.size(); ++type)
        wanted_[type] += session.types().test(type) ? 1U : 0U;
}

bool SessionRegistry::is_subscriber(const ClientSession& session) const {
    return session.place() < subscribers_.size() && subscribers_[session.place()] == &session;
}

void SessionRegistry::unsubscribe(const ClientSession& session) {
    if (!is_subscriber(session)) return;
    const std::uint32_t place = session.place();
    subscribers_[place] = subscribers_.back();
    subscribers_[place]->set_place(place);
    subscribers_.pop_back();
    for (std::size_t type = 0; type < wanted_.size(); ++type) {
        if (!session.types().test(type)) continue;
        assert(wanted_[type] > 0);
        --wanted_[type];
    }
}

void SessionRegistry::on_event(const Event& event, const EventPlace& place,
                               const std::string& line) {
    if (wanted_[static_cast<std::size_t>(event.type)] > 0)
        unsent_events_.add(event.type, place.seq, line);
}

void SessionRegistry::send_events() {
    if (unsent_events_.empty()) return;
    for (ClientSession* session : subscribers_) {
        const std::string_view lines = unsent_events_.lines_of(session->types());
        if (lines.empty() || session->offer(lines)) continue;
        unsent_events_.each_of(session->types(), [&](std::string_view line, std::uint64_t seq) {
            session->offer_or_drop(line, seq);
        });
    }
    unsent_events_.clear();
}

bool SessionRegistry::anyone_wants(const EventTypes& types) const {
    for (std::size_t type = 0; type < wanted_.size(); ++type)
        if (types.test(type) && wanted_[type] > 0) return true;
    return false;
}

bool SessionRegistry::drained() const {
    return due_.empty() && unsent_events_.empty() &&
           std::all_of(sessions_.begin(), sessions_.end(),
                       [](const auto& entry) { return entry.second.backlog() == 0; });
}

void SessionRegistry::changed(ClientSession& session) {
    if (!session.note_changed(true)) changed_.push_back(session.id());
}

void SessionRegistry::flush() {
    send_events();
    // A session with something to write is a changed one; a flush may change further ones.
    for (const SessionId id : std::vector(changed_))
        if (ClientSession* session = find(id)) session->flush();
}

void SessionRegistry::work() {
    if (due_.empty()) return;
    TimePoint now = std::chrono::steady_clock::now();
    const TimePoint until = now + turn_budget;
    for (std::size_t worked = 1; !due_.empty() && now < until; ++worked) {
        ClientSession* session = find(due_.take());
        if (session != nullptr && session->work(now, client_slice)) has_input(*session);
        if (worked % sessions_per_clock_read == 0) now = std::chrono::steady_clock::now();
    }
    if (!due_.empty()) next_turn_.ask();
}

void SessionRegistry::end_turn() {
    work();
    send_events();
    if (!changed_.empty()) stay_awake();
    // A flush may change sessions again, also the same one: they are handled in the next turn.
    for (const SessionId id : std::exchange(changed_, {})) {
        const auto found = sessions_.find(id);
        if (found == sessions_.end()) continue;
        ClientSession& session = found->second;
        session.note_changed(false);
        session.flush();
        if (session.finished()) {
            remove(id);
            continue;
        }
        session.rest();
        if (session.needs_checks()) to_check_.insert(id);
    }
}

void SessionRegistry::remove(SessionId id) {
    const auto found = sessions_.find(id);
    assert(found != sessions_.end() && found->second.finished());
    on_closed_(found->second);
    accounts_.detach(*found->second.account());
    unsubscribe(found->second);
    to_check_.erase(id);
    sessions_.erase(found);
}

/// The timer stops when nothing has happened for a while: an idle exapulsed does not wake up.
void SessionRegistry::stay_awake() {
    if (std::exchange(checks_left_, checks_until_idle) == 0) check_timer_.start(check_interval);
}

void SessionRegistry::check_sessions() {
    assert(checks_left_ > 0);
    const TimePoint now = std::chrono::steady_clock::now();
    accounts_.tidy_up(now, [](uid_t uid, std::uint64_t lines) {
        spdlog::warn("uid {}: {} about its clients left out", uid, counted(lines, "more line"));
    });
    if (const auto lines = log_of_departed_.sum(now); lines > 0)
        spdlog::warn("{} about clients that have disconnected left out",
                     counted(lines, "more line"));
    std::erase_if(to_check_, [&](SessionId id) {
        ClientSession* session = find(id);
        if (session == nullptr) return true;
        session->check_peer();
        if (session->lagging()) {
            const auto [event, boot] = lagged_event_();
            session->catch_up(event, boot);
        }
        return !session->needs_checks();
    });
    if (--checks_left_ % checks_per_trim == 0) trim_memory();
    if (!to_check_.empty()) checks_left_ = checks_until_idle;
    if (checks_left_ > 0) check_timer_.start(check_interval);
}

}  // namespace exapulse
