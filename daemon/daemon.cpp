// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/daemon.hpp"

#include <algorithm>
#include <cassert>
#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"
#include "daemon/recorder/record_text.hpp"
#include "daemon/store/schema.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/random_id.hpp"
#include "daemon/system/service_notify.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

/// How long commands in flight may still be answered after SIGTERM, and how long clients may then
/// take to read their answers. Together less than the documented 2 s.
constexpr Milliseconds answers_grace = 1'500ms;
constexpr Milliseconds readers_grace = 300ms;
constexpr Milliseconds stop_interval = 10ms;  // how often both are checked

/// How often a removed socket file is checked for; less than the period of systemd's watchdog.
constexpr Milliseconds socket_check_interval = 3s;

/// Descriptors that exapulsed needs itself, for its connection, its files and /proc.
constexpr std::int64_t own_descriptors = 64;

/// Every client needs a descriptor. If the hard limit is too low for limits.clients, lowers that,
/// so that clients cannot take the descriptors that exapulsed needs itself.
void fit_to_descriptors(decltype(Config::limits)& limits) {
    const std::int64_t others = limits.admin_clients + own_descriptors;
    const auto wanted = static_cast<rlim_t>(limits.clients + others);
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min(limit.rlim_max, wanted);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted) return;
    const std::int64_t room =
        std::max<std::int64_t>(static_cast<std::int64_t>(limit.rlim_cur) - others, 1);
    spdlog::warn(
        "limits.clients ({}) and limits.admin_clients ({}) need {} descriptors, this process may "
        "have {}, so limits.clients is {}; raise LimitNOFILE= or lower the limits",
        limits.clients, limits.admin_clients, wanted, limit.rlim_cur, room);
    limits.clients = room;
}

std::string store_path(const Config& config) {
    return (std::filesystem::path(config.state.dir) / "history.db").string();
}

FlightRecorder::Limits recorder_limits(const Config& config) {
    return {static_cast<std::size_t>(config.recorder.lines),
            static_cast<std::size_t>(config.recorder.line_length)};
}

EventStore::Limits store_limits(const Config& config) {
    return {config.history.age, config.history.size, static_cast<std::size_t>(config.history.queue),
            std::max<Milliseconds>(30s, 3 * config.peers.interval)};
}

/// Before anything is touched: a downgrade must not cost the history.
Config checked_config(const Arguments& arguments) {
    Config config = effective_config(arguments);
    try {
        if (config.history.store) refuse_newer_store(store_path(config));
    } catch (const NewerStore& error) {
        throw ConfigError(fmt::format("{}: {}", store_path(config), error.what()));
    }
    return config;
}

void mask_signals(int how) {
    sigset_t handled;
    sigemptyset(&handled);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) sigaddset(&handled, signal);
    pthread_sigmask(how, &handled, nullptr);
}

}  // namespace

void hold_signals() {
    mask_signals(SIG_BLOCK);
}

Daemon::Daemon(const Arguments& arguments)
    : arguments_(arguments),
      config_(checked_config(arguments)),
      access_(resolve_access(config_)),
      started_(now()),
      boot_(random_uuid()),
      log_flush_(loop_, flush_log),
      socket_(make_socket()),
      store_(config_.state.dir),
      recorder_(recorder_limits(config_)),
      recorder_files_(config_.state.dir),
      sessions_(
          loop_, config_.limits,
          [this](const Caller& caller) { return dispatcher_.grant_of(caller); },
          [this](const ClientSession& session) { dispatcher_.on_closed(session); },
          [this] { return std::pair(upstream_.health().event(EventType::Lagged, now()), boot_); }),
      event_log_(boot_, started_.wall, static_cast<std::size_t>(config_.limits.history)),
      event_store_(make_event_store()),
      upstream_(loop_, *this, recorder_, config_, discover(),
                fmt::format("{} {}", boot_,
                            std::chrono::duration_cast<std::chrono::seconds>(
                                started_.wall.time_since_epoch())
                                .count()),
                load_identity()),
      routes_(loop_, upstream_, event_store_.get(), config_,
              [this](const Event& event) { on_event(event); }),
      dispatcher_(loop_, upstream_, sessions_, event_log_, event_store_.get(), recorder_, routes_,
                  config_, [this] { return report(); }),
      on_term_(loop_, SIGTERM, [this] { begin_stop(); }),
      on_int_(loop_, SIGINT, [this] { begin_stop(); }),
      on_hup_(loop_, SIGHUP, [this] { reload(); }),
      on_usr2_(loop_, SIGUSR2, [this] { dump_recorder("asked for by SIGUSR2"); }),
      failure_dump_(loop_, [this] { dump_after_failure(); }),
      watchdog_(loop_, [this] { feed_watchdog(); }),
      socket_check_(loop_, [this] { check_socket(); }),
      save_(loop_, [this] { save_identity(std::nullopt); }),
      stop_(loop_, [this] { continue_stop(); }) {
    routes_.restore(std::exchange(kept_routes_, std::nullopt));
    event_log_.add(sessions_);
    if (event_store_) event_log_.add(*event_store_);
    if (event_store_ && config_.history.commands) dispatcher_.audit().add(*event_store_);
    set_log_level(config_.log.level);
    apply_access(std::move(access_));
    fit_to_descriptors(config_.limits);
    listen();
    socket_check_.start(socket_check_interval);
    spdlog::info("exapulsed {} serves {}{}", EXAPULSE_VERSION, socket_->path(),
                 socket_->activated() ? " (from systemd)" : "");
    if (!socket_->alias_problem().empty())
        spdlog::warn("no alias for ExaBGP's own programs: {}", socket_->alias_problem());
}

int Daemon::run() {
    upstream_.start();
    service::ready();
    service::status("connecting: looking for ExaBGP");
    feed_watchdog();
    mask_signals(SIG_UNBLOCK);
    loop_.run();
    // libuv's handlers end with the loop: a second signal must not kill exapulsed while it cleans
    // up.
    hold_signals();
    flush_log();
    return 0;
}

UpstreamDiscovery Daemon::discover() const {
    return {{config_.upstream.socket, config_.upstream.fifo},
            UpstreamDiscovery::variable,
            geteuid(),
            socket_->path()};
}

std::unique_ptr<ServedSocket> Daemon::make_socket() const {
    const UpstreamDiscovery upstream({config_.upstream.socket, config_.upstream.fifo},
                                     UpstreamDiscovery::variable, geteuid(), "");
    if (const auto fd = service::activation_socket())
        return std::make_unique<ServedSocket>(*fd, config_, upstream);
    return std::make_unique<ServedSocket>(config_, upstream);
}

std::optional<KnownInstance> Daemon::load_identity() {
    std::error_code error;
    std::filesystem::create_directories(config_.state.dir, error);
    if (error)
        spdlog::warn(
            "state.dir {}: {}; a restart of ExaBGP while exapulsed is down will go undetected",
            config_.state.dir, error.message());
    auto known = store_.load();
    if (!store_.problem().empty()) spdlog::error("state: {}", store_.problem());
    return known;
}

std::unique_ptr<StoreThread> Daemon::make_event_store() {
    if (!config_.history.store) return nullptr;
    std::error_code reported_by_load_identity;
    std::filesystem::create_directories(config_.state.dir, reported_by_load_identity);
    const auto limits = store_limits(config_);
    auto store = std::make_unique<EventStore>(store_path(config_), boot_, started_.wall, limits);
    kept_routes_ = read_routes(*store);
    return std::make_unique<StoreThread>(
        loop_, std::move(store), limits,
        [this](const EventStore::Change& change) { on_store_change(change); });
}

/// Before the loop runs, since nothing may be replayed or announced before.
std::optional<StoredRoutes> Daemon::read_routes(EventStore& store) const {
    auto routes = store.read_routes();
    if (routes) return routes;
    if (store.problem().empty()) {
        spdlog::error(
            "routes: those that are kept were in a file that is damaged, and do not come back; "
            "announce them again");
        return StoredRoutes();
    }
    spdlog::error(
        "routes: those that are kept can't be read, and do not come back until they can: {}",
        store.problem());
    return std::nullopt;
}

void Daemon::on_store_change(const EventStore::Change& change) {
    Event event = upstream_.health().event(EventType::Store, now());
    event.store = change.state;
    event.detail = change.detail;
    on_event(event);
    if (change.state != StoreState::Memory) routes_.on_store_change();
}

bool Daemon::peers_wanted() const {
    return (event_store_ && config_.history.peers) || sessions_.anyone_wants(peer_event_types());
}

void Daemon::on_peers_answer(WallTime time) {
    if (event_store_) event_store_->on_peers_answer(time);
}

void Daemon::on_event(const Event& event) {
    const bool trouble =
        event.type == EventType::Failed || event.type == EventType::Degraded ||
        event.type == EventType::Restarted || event.type == EventType::Disconnected ||
        event.type == EventType::PeerDown || event.type == EventType::Contended ||
        event.type == EventType::Expired || (event.store && *event.store != StoreState::File);
    const std::string line = describe_event(event);
    // Peers that keep trying to connect change state every few seconds.
    const auto level = event.type == EventType::Peers ? spdlog::level::debug
                       : trouble                      ? spdlog::level::warn
                                                      : spdlog::level::info;
    spdlog::log(level, "{}", line);
    if (!event.peers && !event.peer && !event.store && !event.routes) {
        service::status(line);
        recorder_.note(RecordKind::State, steady_now(), line);
    }
    // Once subscribers know, and with the verdicts of the commands that ExaBGP has failed.
    if (event.type == EventType::Failed) failure_dump_.ask();
    event_log_.publish(event);
    remember(event);
    routes_.on_event(event);
}

/// Without a line since the last dump there is nothing to find out: an ExaBGP that was never
/// reached.
void Daemon::dump_after_failure() {
    if (recorder_.lines() != dumped_lines_ && config_.recorder.files > 0)
        dump_recorder("ExaBGP failed");
}

void Daemon::dump_recorder(std::string_view reason) {
    if (config_.recorder.lines == 0 || config_.recorder.files == 0) {
        spdlog::warn("recorder: not written, recorder.lines is {} and recorder.files is {}",
                     config_.recorder.lines, config_.recorder.files);
        return;
    }
    const Moment at = now();
    const std::string heading =
        fmt::format("exapulsed {}, {}: {}", EXAPULSE_VERSION, format_time(at.wall), reason);
    const auto written = recorder_files_.write(describe_records(recorder_, heading, at), at.wall,
                                               static_cast<std::size_t>(config_.recorder.files));
    dumped_lines_ = recorder_.lines();
    if (written.problem.empty())
        spdlog::info("recorder: {} before this are in {} ({})",
                     counted(recorder_.end() - recorder_.begin(), "record"), written.path, reason);
    else
        spdlog::warn(
            "recorder: {} cannot be written: {}; until exapulsed ends, exapulse recorder "
            "shows what it has",
            written.path, written.problem);
}

/// Call after the subscribers have been notified: a slow disk must not delay them.
void Daemon::remember(const Event& event) {
    const bool known = event.type == EventType::Connected || event.type == EventType::Restarted ||
                       event.type == EventType::Disconnected || event.type == EventType::Stopping;
    const auto seen = upstream_.health().last_pong();
    if (!known || !seen) return;
    sessions_.flush();
    save_identity(KnownInstance{event.uuid, *seen});
}

/// Saves `fresh`, or what could not be saved before. A failed save is retried until it succeeds:
/// otherwise the next start of exapulsed would report a known restart again, or miss one. Only the
/// first of consecutive failures is logged.
void Daemon::save_identity(const std::optional<KnownInstance>& fresh) {
    const bool failed_before = store_.retry_in().has_value();
    const bool saved = fresh ? store_.save(*fresh) : store_.retry();
    if (saved && failed_before) spdlog::info("state: saved in {} at last", config_.state.dir);
    if (!saved && !failed_before) spdlog::error("state: {}", store_.problem());
    if (const auto pause = store_.retry_in())
        save_.start(*pause);
    else
        save_.stop();
}

StatusReport Daemon::report() const {
    StatusReport report{upstream_.status()};
    report.clients = sessions_.size();
    report.subscribers = sessions_.subscribers();
    report.pid = getpid();
    report.started = started_.wall;
    report.slow = dispatcher_.audit().slow();
    report.store.state = StoreState::Off;
    if (event_store_) report.store = event_store_->status();
    report.routes = routes_.ledger().size();
    report.routes_kept = routes_.ledger().kept();
    report.routes_gone = routes_.ledger().gone();
    report.routes_uncertain = routes_.ledger().uncertain();
    if (const Replay& replay = routes_.replay(); replay.active())
        report.replaying = {replay.total(), replay.answered()};
    return report;
}

void Daemon::reload() {
    service::reloading();
    try {
        const auto [config, kept] = keep_unless_live(config_, effective_config(arguments_));
        AccessLists access = resolve_access(config);
        if (config.history.peers) upstream_.drop_old_peers();
        config_ = config;
        set_log_level(config_.log.level);
        fit_to_descriptors(config_.limits);
        upstream_.apply(config_, discover());
        recorder_.set_limits(recorder_limits(config_));
        event_log_.keep(static_cast<std::size_t>(config_.limits.history));
        if (event_store_) event_store_->set_limits(store_limits(config_));
        apply_access(std::move(access));
        spdlog::info("reloaded {}", arguments_.config_path);
        if (!kept.empty())
            spdlog::warn("reload: takes effect only at the next start of exapulsed: {}",
                         fmt::join(kept, ", "));
    } catch (const std::exception& error) {
        const std::string text =
            fmt::format("reload failed, the old configuration stays: {}", error.what());
        spdlog::error("{}", text);
        service::status(text);
    }
    service::ready();
}

void Daemon::apply_access(AccessLists access) {
    for (const std::string& warning : access.warnings) spdlog::warn("{}", warning);
    // Whoever made the socket file has decided on its group.
    struct stat socket {};
    const bool known = stat(socket_->path().c_str(), &socket) == 0;
    dispatcher_.apply(
        AccessPolicy(std::move(access.lists), known ? socket.st_gid : static_cast<gid_t>(-1)));
}

void Daemon::begin_stop() {
    if (stop_by_) return;
    stop_by_ = now().steady + answers_grace;
    service::stopping();
    listener_.reset();
    socket_check_.stop();
    on_event(upstream_.health().event(EventType::Stopping, now()));
    dispatcher_.stop();
    routes_.stop();
    upstream_.abandon_waiting("exapulsed is stopping");
    continue_stop();
}

/// Waits for answers, then for readers, each for a limited time; called again until both are done.
void Daemon::continue_stop() {
    assert(stop_by_);
    const TimePoint at = now().steady;
    if (upstream_.in_flight() > 0 && at < *stop_by_) {
        stop_.start(stop_interval);
        return;
    }
    upstream_.abandon_in_flight("exapulsed stopped before ExaBGP answered");
    if (!sessions_.drained() && at < *stop_by_ + readers_grace) {
        stop_.start(stop_interval);
        return;
    }
    loop_.stop();
}

void Daemon::listen() {
    listener_ = std::make_unique<ClientListener>(
        loop_, socket_->release(),
        [this](uv::Pipe client) { sessions_.admit(std::move(client), now().wall, dispatcher_); });
}

/// Creates the socket again if its file was removed, since nobody could connect. Only the
/// administrator can restart systemd's. Connected clients are not affected.
void Daemon::check_socket() {
    socket_check_.start(socket_check_interval);
    const bool in_place = socket_->is_in_place();
    std::string problem;
    if (!in_place && socket_->activated()) {
        problem = fmt::format(
            "{} is gone, and no client can connect; to create it again, run systemctl restart "
            "exapulsed.socket (exapulsed@NAME.socket for an instance)",
            socket_->path());
    } else if (!in_place) {
        try {
            socket_->serve_again(config_, discover());
            listen();
            spdlog::warn("clients: {} was removed; it is served again", socket_->path());
        } catch (const std::exception& error) {
            problem = fmt::format("{} is gone, and no client can connect: {}", socket_->path(),
                                  error.what());
        }
    }
    if (!problem.empty() && problem != socket_problem_) {
        spdlog::error("clients: {}", problem);
        service::status(problem);
    }
    socket_problem_ = std::move(problem);
}

void Daemon::feed_watchdog() {
    const auto interval = service::watchdog_interval();
    if (!interval) return;
    service::watchdog();
    watchdog_.start(*interval / 3);
}

}  // namespace exapulse
