// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/upstream.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/system/random_id.hpp"

namespace exapulse {

namespace {

UpstreamDialogue::Settings dialogue_settings(const Config& config) {
    UpstreamDialogue::Settings settings;
    settings.hold = config.commands.hold;
    settings.deadline = config.commands.deadline;
    settings.unguarded = config.commands.unguarded;
    settings.confirm = config.commands.confirm;
    settings.answer = config.limits.answer_line;
    settings.in_flight = static_cast<std::size_t>(config.commands.in_flight);
    settings.in_flight_bytes = config.commands.in_flight_bytes;
    return settings;
}

HealthMonitor::Settings health_settings(const Config& config) {
    return {config.health.interval, static_cast<int>(config.health.attempts)};
}

/// How long the helper of an ExaBGP that has ended may take to say what is left, and end as well.
constexpr std::chrono::milliseconds helper_grace{300};

/// How long pipes that somebody reads may bring no answer before a look at who that is, and until
/// the next look.
constexpr std::chrono::milliseconds first_silence{1'000}, further_silence{5'000};

}  // namespace

Moment now() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

Upstream::Upstream(uv::Loop& loop, Listener& listener, const Config& config,
                   UpstreamDiscovery discovery, const std::string& ping_id,
                   std::optional<KnownInstance> known)
    : listener_(listener),
      unguarded_(config.commands.unguarded),
      peers_(config.peers.interval),
      connection_(loop, *this, std::move(discovery), config.limits.answer_line),
      dialogue_(queue_, *this, contention_, dialogue_settings(config), ping_id, random_token,
                now().steady),
      instances_(config.upstream.pidfile, known),
      health_(health_settings(config), *this, std::move(known), now()),
      timer_(loop, [this] { after_read_.start(); }),
      after_read_(loop, [this] { on_due(); }),
      next_turn_(loop, [this] { pump(); }),
      dialogue_settings_(dialogue_settings(config)),
      silence_(loop, [this] { on_silence(); }),
      pipes_check_(loop, [this] { check_pipes(); }),
      helper_grace_(loop, [this] { connection_.on_helper_ended(); }),
      loop_(loop) {
    arm_timer();
}

void Upstream::submit(Command command) {
    assert(command.sink != nullptr);
    assert(command.request != nullptr && !command.peers);
    command.queued_at = now().steady;
    queue_.push(std::move(command));
    next_turn_.ask();
}

void Upstream::submit_peers(const Command& asked) {
    Command question = PeerWatch::question_of(asked, now().steady);
    question.sink = this;
    queue_.push(std::move(question));
    next_turn_.ask();
}

/// What may be written is, in one write: all commands that the clients sent in a turn.
void Upstream::pump() {
    note_visits();
    ask_about_peers();
    dialogue_.pump(now().steady);
    arm_timer();
}

void Upstream::hurry_peers() {
    if (!peers_.table().known()) peers_.hurry(now().steady);
    next_turn_.ask();
}

/// Only where ExaBGP can answer at once: a question is not held for one that is away.
void Upstream::ask_about_peers() {
    if (!dialogue_.ready() || !listener_.peers_wanted()) return;
    auto question = peers_.due(now().steady);
    if (!question) return;
    question->sink = this;
    queue_.push(std::move(*question));
}

void Upstream::apply(const Config& config, UpstreamDiscovery discovery) {
    dialogue_settings_ = dialogue_settings(config);
    apply_dialogue_settings();
    unguarded_ = config.commands.unguarded;
    peers_.set_interval(config.peers.interval);
    health_.set_settings(health_settings(config), now());
    instances_.set_pidfile(config.upstream.pidfile);
    connection_.set_answer_line(config.limits.answer_line);
    connection_.set_discovery(std::move(discovery));
    arm_timer();
}

/// Into pipes others may write as well, and only short writes stay in one piece there.
void Upstream::apply_dialogue_settings() {
    UpstreamDialogue::Settings settings = dialogue_settings_;
    if (connection_.fifo() != nullptr) settings.in_flight = 1;
    dialogue_.set_settings(settings);
}

void Upstream::abandon_waiting(std::string_view why) {
    dialogue_.abandon_waiting(why);
    arm_timer();
}

void Upstream::abandon_in_flight(std::string_view why) {
    dialogue_.abandon_in_flight(why);
}

void Upstream::on_connected() {
    const auto& chosen = connection_.chosen();
    assert(chosen);
    spdlog::info("upstream: connected to {} ({})", chosen->path, chosen->found_by);
    health_.on_connected();
    apply_dialogue_settings();
    dialogue_.on_connected(now().steady);
    silent_before_ = false;
    if (connection_.fifo() != nullptr) silence_.start(first_silence);
    arm_timer();
}

void Upstream::on_silence() {
    if (dialogue_.ready() || connection_.fifo() == nullptr) return;
    look_for_other_users(std::exchange(silent_before_, true) ? OtherUsers::Trouble::LongSilence
                                                             : OtherUsers::Trouble::Silence);
    silence_.start(further_silence);
}

/// A set-up script, or a folder that went with a service, may have taken the pipes from ExaBGP.
void Upstream::check_pipes() {
    const FifoLink::Names names = connection_.follow_pipes();
    if (connection_.fifo() == nullptr) return;
    const std::string in = command_pipe(connection_.chosen()->path);
    if (names.commands_replaced && !names_.commands_replaced)
        spdlog::warn(
            "upstream: {} was removed while ExaBGP reads it: exapulsed goes on with the removed "
            "one, but nobody else can open it; reload or restart ExaBGP",
            in);
    if (!names.no_answers.empty() && names.no_answers != names_.no_answers) {
        const std::string why = fmt::format(
            "ExaBGP can't answer, its pipes were replaced while it ran: {}; make the pipe, and "
            "reload or restart ExaBGP",
            names.no_answers);
        spdlog::error("upstream: {}", why);
        health_.on_unusable(why);
        dialogue_.on_connect_failed(why);
    }
    names_ = names;
}

void Upstream::on_connect_failed(const UpstreamLink::Failure& failure) {
    const Moment at = now();
    std::string detail = failure.detail;
    assert(!failure.unread || connection_.chosen());
    if (failure.unread)
        if (auto why = other_users_.why_unread(connection_.chosen()->path, at.steady); !why.empty())
            detail = std::move(why);
    spdlog::debug("upstream: {}", detail);
    dialogue_.on_connect_failed(detail);
    health_.on_connect_failed(failure.cause, detail, at);
    arm_timer();
}

/// What another program has done before now is told before anything is read or written.
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
    if (!contention_.on_write(other_users_.writer(*pipes, at.steady), at)) return;
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
    dialogue_.on_bytes(count, now().steady);
}

void Upstream::on_upstream_line(const LineFramer::Line& line) {
    if (line.too_long)
        dialogue_.on_line_too_long(now().steady);
    else
        dialogue_.on_line(line.text, now().steady);
}

void Upstream::on_upstream_read() {
    if (!ended_.empty()) {
        connection_.close(Cause::Stopped, fmt::format("ExaBGP says that it ends (pid {})",
                                                      std::exchange(ended_, {})));
        return;
    }
    if (std::exchange(became_ready_, false)) health_.on_usable(now());
    if (std::exchange(ping_due_, false)) dialogue_.ping(now().steady);
    pump();
}

void Upstream::on_closed(Cause cause, const std::string& why, std::uint64_t unsent) {
    dialogue_.on_closed(why, unsent, now().steady);
    peers_.on_closed();
    instances_.on_lost(cause == Cause::Closed);
    closings_.reset();
    watches_.clear();
    watched_.clear();
    helper_grace_.stop();
    pipes_check_.stop();
    names_ = {};
    unusable_.clear();
    ended_.clear();
    health_.on_closed(cause, why, now());
    became_ready_ = false;
    arm_timer();
}

PeerWatch::Admission Upstream::on_admit(Command& command, const DialectRules& rules,
                                        TimePoint now) {
    auto admission = peers_.admit(command, rules, unguarded_, now);
    if (admission.question) admission.question->sink = this;
    return admission;
}

void Upstream::on_done(const Command& command) {
    assert(command.request != nullptr);
    if (!command.peers) peers_.on_done(*command.request);
}

void Upstream::on_answer_line(const Command& question, std::string_view line) {
    peers_.on_line(question, line);
}

void Upstream::on_verdict(const Command& question, const Verdict& verdict) {
    assert(question.peers);
    if (!verdict.lost) {
        on_peers_answer(question, verdict.done);
        return;
    }
    peers_.on_answer_lost(question);
    if (AnswerSink* asker = question.peers->asker) asker->on_verdict(question, verdict);
}

void Upstream::on_peers_answer(const Command& question, bool ok) {
    assert(dialect_);
    const Moment at = now();
    auto outcome = peers_.on_answer(question, rules_of(*dialect_), ok, at);
    if (outcome.next) {
        queue_.put_back(std::move(*outcome.next));
        return;
    }
    if (!outcome.ok) spdlog::warn("upstream: ExaBGP does not tell its peers: {}", question.line());
    // A look now and then tells what there is, not what happens.
    if (!listener_.peers_wanted()) outcome.events.clear();
    for (const Event& change : outcome.events) {
        Event event = health_.event(change.type, at);
        event.peers = change.peers;
        event.peer = change.peer;
        event.previous_state = change.previous_state;
        listener_.on_event(event);
    }
    AnswerSink* asker = question.peers->asker;
    if (asker == nullptr) return;
    if (outcome.ok) asker->on_answer_line(question, format_peers(peers_.table().peers(), at.wall));
    asker->on_verdict(question, outcome.ok ? Verdict::of_exabgp(true)
                                           : Verdict::of_exapulsed(
                                                 ErrorCode::ExabgpFailed,
                                                 "ExaBGP does not tell which peers it has; its log "
                                                 "may say why"));
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
    const ExabgpInstance instance = instances_.find_again(pipes->command_file());
    identity_ = instance.method;
    health_.on_pong(instance.uuid, latency, now(), instance.proven);
    watch_processes();
}

void Upstream::on_ready(Dialect dialect, const std::string& version) {
    if (dialect_ != dialect || version_ != version)
        spdlog::info("upstream: ExaBGP {} speaks API {}", version, name_of(dialect));
    dialect_ = dialect;
    version_ = version;
    identify();
    became_ready_ = true;
    connection_.served();
}

/// While nothing on the wire says who answers.
void Upstream::identify() {
    assert(dialect_);
    const FifoLink* pipes = connection_.fifo();
    if (rules_of(*dialect_).sign == InstanceSign::Uuid || pipes == nullptr) {
        identity_ = IdentityMethod::Ping;
        return;
    }
    const IdentityMethod method = instances_.find(pipes->command_file()).method;
    if (!instances_.problem().empty()) spdlog::error("upstream: {}", instances_.problem());
    if (identity_ != method && !blind_spot(method).empty())
        spdlog::warn(
            "upstream: ExaBGP is told from the next one by method {}, which does not see {}",
            name_of(method), blind_spot(method));
    identity_ = method;
    watch_processes();
    look_for_other_users(OtherUsers::Trouble::None);
}

/// Where no process of ExaBGP's is seen, and another program may hold the pipes open, only the
/// helper's closing of the command pipe says that it has ended.
void Upstream::watch_pipe(bool wanted) {
    const FifoLink* pipes = connection_.fifo();
    if (!wanted || pipes == nullptr)
        closings_.reset();
    else if (closings_ == nullptr)
        closings_ = std::make_unique<uv::ClosingWatch>(loop_, pipes->command_fd(),
                                                       [this] { connection_.on_helper_ended(); });
}

/// The kernel says when they end, whoever else holds the pipes open.
void Upstream::watch_processes() {
    const auto processes = instances_.processes();
    watch_pipe(processes.empty());
    if (processes == watched_) return;
    watches_.clear();
    helper_grace_.stop();
    watched_ = processes;
    for (const ProcessStart& process : processes)
        watches_.push_back(std::make_unique<uv::ProcessWatch>(
            loop_, process.pid, [this, pid = process.pid] { on_process_end(pid); }));
}

void Upstream::on_process_end(pid_t pid) {
    assert(!watched_.empty());
    spdlog::debug("upstream: the process {} behind the pipes has ended", pid);
    if (pid == watched_.front().pid && watched_.size() > 1)
        helper_grace_.start(helper_grace);
    else
        connection_.on_helper_ended();
}

void Upstream::look_for_other_users(OtherUsers::Trouble trouble) {
    const FifoLink* pipes = connection_.fifo();
    if (pipes == nullptr) return;
    const std::string why = other_users_.look(*pipes, connection_.chosen()->path, trouble);
    if (why.empty() || dialogue_.ready()) return;
    health_.on_unusable(why);
    dialogue_.on_connect_failed(why);
}

void Upstream::on_answer_missing(const Command& command) {
    spdlog::info("upstream: ExaBGP is alive, but has not answered yet: {:.80}", command.line());
    look_for_other_users(OtherUsers::Trouble::None);
}

bool Upstream::shares_answers() {
    look_for_other_users(OtherUsers::Trouble::None);
    return other_users_.any();
}

void Upstream::on_unusable(std::string_view why) {
    health_.on_unusable(why);
    if (unusable_ == why) return;
    unusable_ = why;
    spdlog::error("upstream: ExaBGP can't be used: {}", why);
}

void Upstream::on_remark(std::string_view text) {
    spdlog::warn("upstream: {}", text);
}

void Upstream::on_health_event(const Event& event) {
    if (event.type == EventType::Failed) peers_.doubt();
    if (event.type == EventType::Failed || event.type == EventType::Degraded) {
        instances_.on_doubt();
        look_for_other_users(event.type == EventType::Failed ? OtherUsers::Trouble::LongSilence
                                                             : OtherUsers::Trouble::Silence);
    }
    listener_.on_event(event);
}

void Upstream::on_ping_due() {
    ping_due_ = true;
}

/// What is due is judged once all is read that has arrived.
void Upstream::on_due() {
    note_visits();
    const Moment at = now();
    if (contention_.on_tick(at.steady))
        listener_.on_event(health_.event(EventType::Uncontended, at));
    dialogue_.on_tick(at.steady);
    if (dialogue_.take_sign_of_life() || dialogue_.waits_for_quiet(at.steady))
        health_.on_sign_of_life();
    if (health_.next_tick() <= at.steady) {
        check_pipes();
        health_.on_tick(at);
    }
    if (std::exchange(ping_due_, false)) dialogue_.ping(at.steady);
    pump();
}

void Upstream::arm_timer() {
    TimePoint next = health_.next_tick();
    if (const auto deadline = dialogue_.next_deadline()) next = std::min(next, *deadline);
    if (const auto due = contention_.next_tick()) next = std::min(next, *due);
    if (const auto due = peers_.next_due(); due && dialogue_.ready() && listener_.peers_wanted())
        next = std::min(next, *due);
    timer_.start(next - now().steady);
}

}  // namespace exapulse
