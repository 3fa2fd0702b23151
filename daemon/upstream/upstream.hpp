// SPDX-License-Identifier: BSD-3-Clause
// Upstream: all of the ExaBGP side, wired together: connection, dialogue, queue and health.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command_queue.hpp"
#include "daemon/config/config.hpp"
#include "daemon/health/health_monitor.hpp"
#include "daemon/recorder/flight_recorder.hpp"
#include "daemon/system/clock.hpp"
#include "daemon/upstream/dialogue/contention.hpp"
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"
#include "daemon/upstream/link/pipe_owner.hpp"
#include "daemon/upstream/link/pipe_trouble.hpp"
#include "daemon/upstream/link/upstream_connection.hpp"
#include "daemon/upstream/peer_questions.hpp"
#include "daemon/upstream/read_pacing.hpp"
#include "daemon/upstream/upstream_record.hpp"
#include "daemon/upstream/upstream_settings.hpp"
#include "daemon/upstream/upstream_status.hpp"
#include "daemon/uv/after_read.hpp"
#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

class Upstream final : UpstreamConnection::Listener,
                       UpstreamDialogue::Listener,
                       PeerQuestions::Listener,
                       HealthMonitor::Listener {
  public:
    /// Called from within the loop; must not call back into Upstream except for its getters.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void on_event(const Event& event) = 0;
        /// Whether a client wants to know how the peers are.
        [[nodiscard]] virtual bool peers_wanted() const = 0;
        /// ExaBGP has answered how they are, and the events about it have been passed on.
        virtual void on_peers_answer(WallTime time) = 0;
    };

    /// `listener` and `recorder` must outlive it. `ping_id` is what pings carry: a client UUID and
    /// its start time.
    Upstream(uv::Loop& loop, Listener& listener, FlightRecorder& recorder, const Config& config,
             UpstreamDiscovery discovery, const std::string& ping_id,
             std::optional<KnownInstance> known);

    void start() { connection_.start(); }
    /// The command has a sink, which outlives Upstream and gets its answer.
    void submit(Command command);
    /// Answers this command, which has no line, with a fresh snapshot of the peers, one line as
    /// format_peers().
    void submit_peers(const Command& asked);
    /// To be called before a client wants to know how the peers are. If none has until now, what is
    /// known of them may be old: forgets it.
    void drop_old_peers() {
        if (!listener_.peers_wanted()) peers_.reset_baseline();
    }
    /// One more client wants to know how the peers are.
    void hurry_peers();
    /// Drops what a session that is gone still has waiting; returns how many commands.
    std::size_t drop(SessionId owner) { return queue_.drop(owner); }
    /// Takes back what `owner` still has waiting; nobody else gives a verdict about it.
    [[nodiscard]] std::vector<Command> withdraw(SessionId owner) { return queue_.take(owner); }
    /// See CommandQueue::bequeath().
    std::size_t bequeath(SessionId owner, SessionId heir, std::size_t most) {
        return queue_.bequeath(owner, heir, most);
    }
    /// The client `owner` has as many unread answers as it may have, or no more. While it does,
    /// none of its commands gets its turn, and if its answer is arriving nothing is read from
    /// ExaBGP: see ReadPacing.
    void set_reader_full(SessionId owner, bool full);
    void apply(const Config& config, UpstreamDiscovery discovery);

    /// Ends what waits as not-sent; what is in flight may still be answered.
    void abandon_waiting(std::string_view why);
    /// Ends what is in flight as outcome-unknown.
    void abandon_in_flight(std::string_view why);

    [[nodiscard]] const HealthMonitor& health() const { return health_; }
    [[nodiscard]] std::size_t in_flight() const { return dialogue_.commands_in_flight(); }
    /// Commands that wait or are in flight.
    [[nodiscard]] std::size_t outstanding() const { return in_flight() + queue_.size(); }
    /// Of the ExaBGP that answered last; nullopt until one did.
    [[nodiscard]] std::optional<Dialect> dialect() const { return dialect_; }
    [[nodiscard]] UpstreamStatus status() const;

  private:
    // UpstreamConnection::Listener
    void on_connected() override;
    void on_connect_failed(const UpstreamLink::Failure& failure) override;
    void on_upstream_bytes(std::size_t count) override;
    void on_upstream_line(const LineFramer::Line& line) override;
    void on_upstream_read() override;
    void on_pipes_changed() override { trouble_.on_names_changed(); }
    void on_pipe_visited() override;
    void on_closed(Cause cause, const std::string& why, std::uint64_t unsent) override;
    // UpstreamDialogue::Listener
    void on_write(std::string_view bytes) override { connection_.write(bytes); }
    bool on_take_back(std::uint64_t bytes) override;
    [[nodiscard]] std::uint64_t unsent() const override { return connection_.unsent(); }
    void on_line_written(std::string_view line, const Command* command, TimePoint now) override {
        record_.on_line_written(line, command, now);
    }
    void on_line_matched(const Command& command) override { record_.on_line_matched(command); }
    void on_answer_lost(const Command& command, ErrorCode code, std::string_view why) override {
        record_.on_answer_lost(command, code, why);
    }
    void on_done(const Command& command) override { peers_.on_done(command); }
    void on_answer_missing(const Command& command) override;
    [[nodiscard]] bool shares_answers() override { return trouble_.shares_answers(); }
    [[nodiscard]] bool sees_visits() const override;
    void on_stray_answer() override { contend(now()); }
    void on_shutdown(const std::string& pid) override { ended_ = pid; }
    void on_unusable(std::string_view why) override;
    void on_pong(const reply::Pong& pong,
                 std::optional<std::chrono::microseconds> latency) override;
    void on_ready(Dialect dialect, const std::string& version) override;
    PeerWatch::Admission on_admit(Command& command, const DialectRules& rules,
                                  TimePoint now) override;
    void on_remark(std::string_view text) override { record_.on_remark(text); }
    // PeerQuestions::Listener
    [[nodiscard]] bool peers_wanted() const override { return listener_.peers_wanted(); }
    void on_peers_answer(WallTime time) override { listener_.on_peers_answer(time); }
    void on_peer_change(const Event& change, const Moment& at) override;
    // HealthMonitor::Listener
    void on_health_event(const Event& event) override;
    void on_ping_due() override;

    void apply_dialogue_settings();
    void on_due();
    void pump();
    void note_visits();
    void contend(const Moment& at);
    void arm_timer();
    void on_trouble(const std::string& why);

    Listener& listener_;
    UpstreamRecord record_;
    UpstreamSettings settings_;
    CommandQueue queue_;
    PeerQuestions peers_;
    UpstreamConnection connection_;
    Contention contention_;
    UpstreamDialogue dialogue_;
    PipeOwner owner_;
    PipeTrouble trouble_;
    HealthMonitor health_;
    ReadPacing pacing_;
    uv::Timer timer_;
    std::optional<TimePoint> armed_for_;  // when timer_ runs out; nullopt: it has
    uv::AfterRead after_read_;
    uv::NextTurn next_turn_;            // pumps once for all commands of a turn
    std::optional<TimePoint> turn_at_;  // when the first one of them came
    TimePoint read_at_;                 // of the bytes whose lines are being reported
    std::optional<Dialect> dialect_;
    std::string version_;
    std::string ended_;          // the pid of an ExaBGP that has said that it ends
    bool became_ready_ = false;  // reported to the health monitor once the dialogue has returned
    bool ping_due_ = false;      // reported to the dialogue once the health monitor has returned
};

}  // namespace exapulse
