// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/upstream.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/system/random_id.hpp"

namespace exapulse {

Upstream::Upstream(uv::Loop& loop, Listener& listener, FlightRecorder& recorder,
                   const Config& config, UpstreamDiscovery discovery, const std::string& ping_id,
                   std::optional<KnownInstance> known)
    : listener_(listener),
      record_(recorder),
      settings_(config),
      peers_(queue_, *this, config.peers.interval),
      connection_(loop, *this, std::move(discovery), config.limits.answer_line),
      dialogue_(queue_, *this, contention_, settings_.dialogue, ping_id, random_token,
                steady_now()),
      owner_(loop, config.upstream.pidfile, known, [this] { connection_.on_helper_ended(); }),
      trouble_(loop, connection_,
               {.answers = [this] { return dialogue_.ready(); },
                .on_trouble = [this](const std::string& why) { on_trouble(why); }}),
      health_(settings_.health, *this, std::move(known), now()),
      pacing_(queue_, connection_, dialogue_, config.limits.slow_reader),
      timer_(loop, [this] { after_read_.start(); }),
      after_read_(loop, [this] { on_due(); }),
      next_turn_(loop, [this] { pump(); }) {
    arm_timer();
}

void Upstream::submit(Command command) {
    assert(command.sink != nullptr);
    assert(command.request != nullptr && !command.peers);
    if (!turn_at_) turn_at_ = steady_now();
    command.queued_at = *turn_at_;
    queue_.push(std::move(command));
    next_turn_.ask();
}

void Upstream::submit_peers(const Command& asked) {
    peers_.submit(asked, steady_now());
    next_turn_.ask();
}

bool Upstream::on_take_back(std::uint64_t bytes) {
    const bool taken = connection_.take_back(bytes);
    if (taken) record_.on_taken_back(bytes);
    return taken;
}

/// What may be written is, in one write: all commands that the clients sent in a turn.
void Upstream::pump() {
    note_visits();
    if (dialogue_.ready()) peers_.ask(steady_now());
    turn_at_.reset();
    dialogue_.pump(steady_now());
    pacing_.update(steady_now());
    arm_timer();
}

void Upstream::set_reader_full(SessionId owner, bool full) {
    if (full) {
        queue_.pause(owner);
    } else {
        queue_.resume(owner);
        next_turn_.ask();
    }
}

void Upstream::hurry_peers() {
    peers_.hurry(steady_now());
    next_turn_.ask();
}

void Upstream::apply(const Config& config, UpstreamDiscovery discovery) {
    settings_ = UpstreamSettings(config);
    apply_dialogue_settings();
    peers_.set_interval(config.peers.interval);
    health_.set_settings(settings_.health, now());
    pacing_.set_limit(config.limits.slow_reader);
    owner_.set_pidfile(config.upstream.pidfile);
    connection_.set_answer_line(config.limits.answer_line);
    connection_.set_discovery(std::move(discovery));
    arm_timer();
}

void Upstream::apply_dialogue_settings() {
    dialogue_.set_settings(connection_.fifo() == nullptr ? settings_.dialogue
                                                         : settings_.for_pipes());
}

void Upstream::abandon_waiting(std::string_view why) {
    dialogue_.abandon_waiting(why);
    arm_timer();
}

void Upstream::abandon_in_flight(std::string_view why) {
    dialogue_.abandon_in_flight(why);
}

void Upstream::on_connected() {
    assert(connection_.chosen());
    record_.on_connected(*connection_.chosen());
    // It accepts those that wait as well.
    health_.on_connected(connection_.fifo() != nullptr
                             ? ""
                             : "ExaBGP has not answered on this connection yet: it is stuck, or "
                               "serves another program, since it serves one at a time (ss -xp "
                               "shows which)");
    apply_dialogue_settings();
    dialogue_.on_connected(steady_now());
    trouble_.on_connected();
    arm_timer();
}

void Upstream::on_connect_failed(const UpstreamLink::Failure& failure) {
    const Moment at = now();
    std::string detail = failure.detail;
    if (failure.unread)
        if (auto why = trouble_.why_unread(at.steady); !why.empty()) detail = std::move(why);
    record_.on_connect_failed(detail);
    dialogue_.on_connect_failed(detail);
    health_.on_connect_failed(failure.cause, detail, at);
    arm_timer();
}

/// What another program has done is reported before anything more is read or written.
void Upstream::note_visits() {
    const uv::WriteWatch::Visit visit = connection_.take_visit();
    if (!visit.opened && !visit.written) return;
    const Moment at = now();
    dialogue_.on_visit(visit.written);
    if (visit.written) contend(at);
}

void Upstream::contend(const Moment& at) {
    const FifoLink* pipes = connection_.fifo();
    if (pipes == nullptr) return;
    if (!contention_.on_write(trouble_.writer(*pipes, at.steady), at)) return;
    Event event = health_.event(EventType::Contended, at);
    event.detail = fmt::format("{} writes into {}", contention_.writer(),
                               command_pipe(connection_.chosen()->path));
    listener_.on_event(event);
}

void Upstream::on_pipe_visited() {
    note_visits();
    arm_timer();
}

bool Upstream::sees_visits() const {
    const FifoLink* pipes = connection_.fifo();
    return pipes == nullptr || pipes->sees_visits();
}

void Upstream::on_upstream_bytes(std::size_t count) {
    note_visits();
    read_at_ = steady_now();
    dialogue_.on_bytes(count, read_at_);
}

void Upstream::on_upstream_line(const LineFramer::Line& line) {
    record_.on_line_read(line.text, read_at_);
    if (line.too_long)
        dialogue_.on_line_too_long(read_at_);
    else
        dialogue_.on_line(line.text, read_at_);
}

void Upstream::on_upstream_read() {
    if (!ended_.empty()) {
        connection_.close(Cause::Stopped, fmt::format("ExaBGP says that it ends (pid {})",
                                                      std::exchange(ended_, {})));
        return;
    }
    if (std::exchange(became_ready_, false)) health_.on_usable(now());
    if (std::exchange(ping_due_, false)) dialogue_.ping(steady_now());
    pump();
}

void Upstream::on_closed(Cause cause, const std::string& why, std::uint64_t unsent) {
    pacing_.on_closed(steady_now());
    record_.on_closed(cause, why, unsent);
    dialogue_.on_closed(why, unsent, steady_now());
    peers_.on_closed();
    owner_.on_lost(cause == Cause::Closed);
    trouble_.on_closed();
    ended_.clear();
    health_.on_closed(cause, why, now());
    became_ready_ = false;
    arm_timer();
}

PeerWatch::Admission Upstream::on_admit(Command& command, const DialectRules& rules,
                                        TimePoint now) {
    return peers_.admit(command, rules, settings_.dialogue.unguarded, now);
}

void Upstream::on_peer_change(const Event& change, const Moment& at) {
    Event event = health_.event(change.type, at);
    event.peers = change.peers;
    event.peer = change.peer;
    event.previous_state = change.previous_state;
    listener_.on_event(event);
}

void Upstream::on_pong(const reply::Pong& pong, std::optional<std::chrono::microseconds> latency) {
    if (!pong.active)
        spdlog::warn(
            "upstream: ExaBGP says that another client has taken over its socket; "
            "connect clients to exapulsed instead (ss -xp shows who)");
    if (!pong.uuid.empty()) {
        health_.on_pong(pong.uuid, latency, now());
        return;
    }
    const FifoLink* pipes = connection_.fifo();
    if (pipes == nullptr) return;
    if (const auto instance = owner_.identify_again(*pipes))
        health_.on_pong(instance->uuid, latency, now(), instance->proven);
    else
        health_.on_sign_of_life();
}

void Upstream::on_ready(Dialect dialect, const std::string& version) {
    record_.on_ready(dialect, version, dialect_ != dialect || version_ != version);
    dialect_ = dialect;
    version_ = version;
    const FifoLink* pipes = connection_.fifo();
    if (rules_of(dialect).sign == InstanceSign::Uuid || pipes == nullptr) {
        owner_.identify_by_pong();
    } else {
        owner_.identify(*pipes);
        trouble_.look(OtherUsers::Trouble::None);
    }
    became_ready_ = true;
    connection_.served();
}

void Upstream::on_trouble(const std::string& why) {
    health_.on_unusable(why);
    dialogue_.on_connect_failed(why);
}

void Upstream::on_answer_missing(const Command& command) {
    spdlog::info("upstream: ExaBGP is alive, but has not answered yet: {:.80}", command.line());
    trouble_.look(OtherUsers::Trouble::None);
}

void Upstream::on_unusable(std::string_view why) {
    health_.on_unusable(why);
    record_.on_unusable(why);
}

void Upstream::on_health_event(const Event& event) {
    if (event.type == EventType::Failed) peers_.invalidate();
    if (event.type == EventType::Failed || event.type == EventType::Degraded) {
        owner_.on_doubt();
        trouble_.look(event.type == EventType::Failed ? OtherUsers::Trouble::LongSilence
                                                      : OtherUsers::Trouble::Silence);
    }
    listener_.on_event(event);
}

void Upstream::on_ping_due() {
    ping_due_ = true;
}

/// What is due is judged once all is read that has arrived.
void Upstream::on_due() {
    armed_for_.reset();
    note_visits();
    const Moment at = now();
    if (contention_.on_tick(at.steady))
        listener_.on_event(health_.event(EventType::Uncontended, at));
    pacing_.update(at.steady);
    pacing_.drop_unread(at.steady);
    // What ExaBGP says is not read, so its silence says nothing about it.
    const bool holds = pacing_.holds();
    if (!holds) dialogue_.on_tick(at.steady);
    if (holds || dialogue_.take_sign_of_life() || dialogue_.waits_for_quiet(at.steady))
        health_.on_sign_of_life();
    if (health_.next_tick() <= at.steady) {
        trouble_.check_names();
        health_.on_tick(at);
    }
    if (std::exchange(ping_due_, false) && !holds) dialogue_.ping(at.steady);
    pump();
}

void Upstream::arm_timer() {
    TimePoint next = health_.next_tick();
    const auto deadline = pacing_.holds() ? pacing_.due() : dialogue_.next_deadline();
    if (deadline) next = std::min(next, *deadline);
    if (const auto due = contention_.next_tick()) next = std::min(next, *due);
    if (dialogue_.ready())
        if (const auto due = peers_.next_due()) next = std::min(next, *due);
    // One that runs out too early is armed anew then: most deadlines only move away.
    if (armed_for_ && *armed_for_ <= next) return;
    armed_for_ = next;
    timer_.start(next - steady_now());
}

UpstreamStatus Upstream::status() const {
    UpstreamStatus status;
    add_health(status, health_, now());
    status.version = version_;
    status.dialect = dialect_;
    status.identity = owner_.method();
    status.identity_evidence = owner_.evidence();
    status.upstream = connection_.chosen();
    status.searched = connection_.discovery().distinct();
    status.ready = dialogue_.ready();
    if (status.detail.empty() && !status.ready) status.detail = dialogue_.why_not_ready();
    status.contention = contention_.seen();
    status.waiting = queue_.size();
    status.in_flight = dialogue_.commands_in_flight();
    if (peers_.table().known()) status.peers = peers_.table().peers();
    return status;
}

}  // namespace exapulse
