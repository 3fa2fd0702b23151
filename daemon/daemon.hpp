// SPDX-License-Identifier: BSD-3-Clause
// Daemon: owns all parts in order, connects, starts and stops them.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "daemon/clients/client_listener.hpp"
#include "daemon/clients/request_dispatcher.hpp"
#include "daemon/clients/served_socket.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/config/arguments.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/identity/identity_store.hpp"
#include "daemon/kept/kept_routes.hpp"
#include "daemon/recorder/flight_recorder.hpp"
#include "daemon/recorder/recorder_files.hpp"
#include "daemon/store/store_thread.hpp"
#include "daemon/upstream/upstream.hpp"
#include "daemon/uv/loop.hpp"
#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/signal.hpp"
#include "daemon/uv/timer.hpp"
#include "daemon/uv/turn_end.hpp"

namespace exapulse {

/// Blocks SIGTERM, SIGINT, SIGHUP and SIGUSR2 until Daemon::run() handles them: otherwise an early
/// one would kill exapulsed and leave its socket behind.
void hold_signals();

///   ExaBGP
///     |  SocketLink: the Unix socket of 6.0      FifoLink: the named pipes of 4.2 and 5.0
///   UpstreamConnection ---- LineFramer ----> UpstreamDialogue ----> HealthMonitor, PeerWatch
///     ^   connects, retries     lines          | matches answers        | events
///     |                                        | to commands            v
///     |                         CommandQueue --'                     EventLog ---> StoreThread
///     |                          ^ fair turns                           |
///     |                          |                                      v
///     |------ commands -- RequestDispatcher <-- LineFramer <-- ClientSession, many
///     |                     Request, verbs       lines         in the SessionRegistry
///     '------ replay ---- KeptRoutes: SavedBook, Replay          ^
///                                                              ClientListener
///
/// Not shown: UpstreamDialogue passes each answer to the AnswerSink of its command.
///
/// Glossary. upstream: ExaBGP, and the one connection to it. session: one client. command: a
/// client's line that is sent upstream. answer: what comes back, up to its terminator. sink: where
/// an answer goes. fence: an echo that marks the end of earlier answers. event: what subscribers
/// get. subscriber: a session that requested events.
class Daemon final : Upstream::Listener {
  public:
    /// Serves the socket from here on. Call after hold_signals(). Throws StartupError or
    /// ConfigError.
    explicit Daemon(const Arguments& arguments);

    /// Runs until SIGTERM or SIGINT. Returns the exit code.
    int run();

  private:
    // Upstream::Listener
    void on_event(const Event& event) override;
    [[nodiscard]] bool peers_wanted() const override;
    void on_peers_answer(WallTime time) override;

    [[nodiscard]] UpstreamDiscovery discover() const;
    [[nodiscard]] std::unique_ptr<ServedSocket> make_socket() const;
    [[nodiscard]] std::optional<KnownInstance> load_identity();
    [[nodiscard]] StatusReport report() const;
    [[nodiscard]] std::unique_ptr<StoreThread> make_event_store();
    [[nodiscard]] std::optional<StoredRoutes> read_routes(EventStore& store) const;
    void on_store_change(const EventStore::Change& change);
    void remember(const Event& event);
    void save_identity(const std::optional<KnownInstance>& fresh);
    void reload();
    void apply_access(AccessLists access);
    void begin_stop();
    void continue_stop();
    void dump_recorder(std::string_view reason);
    void dump_after_failure();
    void feed_watchdog();
    void listen();
    void check_socket();

    Arguments arguments_;
    Config config_;
    AccessLists access_;  // from the configuration, until the socket is there
    Moment started_;
    std::string boot_;

    uv::Loop loop_;          // destroyed after everything that runs on it
    uv::TurnEnd log_flush_;  // before sessions_: the last of its kind is the first in a turn
    std::unique_ptr<ServedSocket> socket_;
    IdentityStore store_;
    FlightRecorder recorder_;
    RecorderFiles recorder_files_;
    SessionRegistry sessions_;
    EventLog event_log_;
    /// From the file, until routes_ has them; nullopt: it could not be read.
    std::optional<StoredRoutes> kept_routes_{std::in_place};
    std::unique_ptr<StoreThread> event_store_;  // nullptr: without history.store
    Upstream upstream_;
    KeptRoutes routes_;
    RequestDispatcher dispatcher_;
    std::unique_ptr<ClientListener> listener_;
    uv::Signal on_term_, on_int_, on_hup_, on_usr2_;
    uv::NextTurn failure_dump_;
    std::uint64_t dumped_lines_ = 0;  // what the recorder had seen at its last dump
    uv::Timer watchdog_;
    uv::Timer socket_check_;
    std::string socket_problem_;  // found by the last check; empty: none
    uv::Timer save_;              // runs while the state file could not be written
    uv::Timer stop_;
    std::optional<TimePoint> stop_by_;  // set while stopping
};

}  // namespace exapulse
