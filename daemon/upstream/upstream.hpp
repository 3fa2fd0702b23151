// SPDX-License-Identifier: BSD-3-Clause
// Upstream: all of the ExaBGP side, wired together: connection, dialogue, queue and health.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command_queue.hpp"
#include "daemon/config/config.hpp"
#include "daemon/health/health_monitor.hpp"
#include "daemon/identity/exabgp_instance.hpp"
#include "daemon/peers/peer_watch.hpp"
#include "daemon/upstream/dialogue/contention.hpp"
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"
#include "daemon/upstream/link/other_users.hpp"
#include "daemon/upstream/link/upstream_connection.hpp"
#include "daemon/uv/after_read.hpp"
#include "daemon/uv/closing_watch.hpp"
#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/process_watch.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// The one place where the clock is asked for the pure parts.
[[nodiscard]] Moment now();

class Upstream final : UpstreamConnection::Listener,
                       UpstreamDialogue::Listener,
                       AnswerSink,
                       HealthMonitor::Listener {
  public:
    /// Called from within the loop; must not call back into Upstream except for its getters.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void on_event(const Event& event) = 0;
        /// Whether somebody wants to know how the peers are.
        [[nodiscard]] virtual bool peers_wanted() const = 0;
    };

    /// `listener` must outlive it. `ping_id` is what pings carry: a client UUID and its start time.
    Upstream(uv::Loop& loop, Listener& listener, const Config& config, UpstreamDiscovery discovery,
             const std::string& ping_id, std::optional<KnownInstance> known);

    void start() { connection_.start(); }
    /// The command has a sink, which outlives Upstream and gets its answer.
    void submit(Command command);
    /// Answers this command, which has no line, with a fresh snapshot of the peers, one line as
    /// format_peers().
    void submit_peers(const Command& asked);
    /// Nobody has wanted to know how the peers are until now: what was last heard may be long past.
    void begin_peers_anew() { peers_.begin_anew(); }
    /// Somebody new wants to know how the peers are.
    void hurry_peers();
    /// Drops what a session that is gone still has waiting; returns how many commands.
    std::size_t drop(SessionId owner) { return queue_.drop(owner); }
    /// Takes back what `owner` still has waiting; nobody else gives a verdict about it.
    [[nodiscard]] std::vector<Command> withdraw(SessionId owner) { return queue_.take(owner); }
    /// See CommandQueue::bequeath().
    std::size_t bequeath(SessionId owner, SessionId heir, std::size_t most) {
        return queue_.bequeath(owner, heir, most);
    }
    void apply(const Config& config, UpstreamDiscovery discovery);

    /// Ends what waits as not-sent; what is in flight may still be answered.
    void abandon_waiting(std::string_view why);
    /// Ends what is in flight as outcome-unknown.
    void abandon_in_flight(std::string_view why);

    [[nodiscard]] const HealthMonitor& health() const { return health_; }
    /// Another program writes into ExaBGP's pipes.
    [[nodiscard]] const std::optional<Contention::Seen>& contention() const {
        return contention_.seen();
    }
    /// Commands are carried out; else why they wait, in words.
    [[nodiscard]] bool ready() const { return dialogue_.ready(); }
    [[nodiscard]] const std::string& why_not_ready() const { return dialogue_.why_not_ready(); }
    [[nodiscard]] const UpstreamConnection& connection() const { return connection_; }
    [[nodiscard]] const PeerTable& peers() const { return peers_.table(); }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    [[nodiscard]] std::size_t in_flight() const { return dialogue_.commands_in_flight(); }
    [[nodiscard]] std::optional<Dialect> dialect() const { return dialect_; }
    [[nodiscard]] const std::string& version() const { return version_; }
    /// How this ExaBGP is told from the next; nullopt until one was reached.
    [[nodiscard]] std::optional<IdentityMethod> identity() const { return identity_; }
    /// Which process it is, in words; empty when it is not known by its process.
    [[nodiscard]] std::string_view identity_evidence() const {
        return identity_ == IdentityMethod::Ping ? "" : std::string_view(instances_.evidence());
    }

  private:
    /// Pipes that are made anew are removed first: the check waits for both.
    static constexpr std::chrono::milliseconds pipes_settle{200};

    // UpstreamConnection::Listener
    void on_connected() override;
    void on_connect_failed(const UpstreamLink::Failure& failure) override;
    void on_upstream_bytes(std::size_t count) override;
    void on_upstream_line(const LineFramer::Line& line) override;
    void on_upstream_read() override;
    void on_pipes_changed() override { pipes_check_.start(pipes_settle); }
    void on_pipe_visited() override;
    void on_closed(Cause cause, const std::string& why, std::uint64_t unsent) override;
    // UpstreamDialogue::Listener
    void on_write(std::string_view bytes) override { connection_.write(bytes); }
    bool on_take_back(std::uint64_t bytes) override { return connection_.take_back(bytes); }
    [[nodiscard]] std::uint64_t unsent() const override { return connection_.unsent(); }
    void on_done(const Command& command) override;
    void on_answer_missing(const Command& command) override;
    [[nodiscard]] bool shares_answers() override;
    [[nodiscard]] bool sees_visits() const override;
    void on_stray_answer() override { contend(now()); }
    void on_shutdown(const std::string& pid) override { ended_ = pid; }
    void on_unusable(std::string_view why) override;
    void on_pong(const reply::Pong& pong,
                 std::optional<std::chrono::microseconds> latency) override;
    void on_ready(Dialect dialect, const std::string& version) override;
    PeerWatch::Admission on_admit(Command& command, const DialectRules& rules,
                                  TimePoint now) override;
    void on_remark(std::string_view text) override;
    // AnswerSink, of the questions about peers
    void on_answer_line(const Command& question, std::string_view line) override;
    void on_verdict(const Command& question, const Verdict& verdict) override;
    // HealthMonitor::Listener
    void on_health_event(const Event& event) override;
    void on_ping_due() override;

    void on_peers_answer(const Command& question, bool ok);
    void ask_about_peers();
    void apply_dialogue_settings();
    void on_due();
    void pump();
    void note_visits();
    void contend(const Moment& at);
    void arm_timer();
    void identify();
    void watch_processes();
    void watch_pipe(bool wanted);
    void on_process_end(pid_t pid);
    void on_silence();
    void check_pipes();
    void look_for_other_users(OtherUsers::Trouble trouble);

    Listener& listener_;
    std::vector<std::string> unguarded_;  // commands.unguarded
    CommandQueue queue_;
    PeerWatch peers_;
    UpstreamConnection connection_;
    Contention contention_;
    UpstreamDialogue dialogue_;
    InstanceFinder instances_;
    HealthMonitor health_;
    uv::Timer timer_;
    uv::AfterRead after_read_;
    uv::NextTurn next_turn_;  // pumps once for all commands of a turn
    UpstreamDialogue::Settings dialogue_settings_;
    uv::Timer silence_;           // runs while a new connection brings no answer
    bool silent_before_ = false;  // silence_ has run out on this connection
    uv::Timer pipes_check_;       // runs once their names have changed
    uv::Timer helper_grace_;  // runs once ExaBGP has ended: its helper ends by itself, as a rule
    uv::Loop& loop_;
    std::vector<ProcessStart> watched_;  // ExaBGP, and its helper
    std::vector<std::unique_ptr<uv::ProcessWatch>> watches_;
    std::unique_ptr<uv::ClosingWatch> closings_;  // of the command pipe, where no process is seen
    std::optional<Dialect> dialect_;
    std::string version_;
    std::optional<IdentityMethod> identity_;
    std::string ended_;     // the pid of an ExaBGP that has said that it ends
    std::string unusable_;  // what was last logged about it
    OtherUsers other_users_;
    FifoLink::Names names_;      // what was last found, and logged
    bool became_ready_ = false;  // told to the health monitor once the dialogue has returned
    bool ping_due_ = false;      // told to the dialogue once the health monitor has returned
};

}  // namespace exapulse
