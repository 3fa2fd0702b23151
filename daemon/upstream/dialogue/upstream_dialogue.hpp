// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue: what is said on the one connection to ExaBGP, kept in step. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/protocol.hpp"
#include "common/time.hpp"
#include "daemon/commands/command_queue.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/upstream_reply.hpp"
#include "daemon/health/contention.hpp"
#include "daemon/peers/peer_watch.hpp"
#include "daemon/upstream/dialogue/answer_progress.hpp"
#include "daemon/upstream/dialogue/bracketed_answer.hpp"
#include "daemon/upstream/dialogue/in_flight.hpp"

namespace exapulse {

/// ExaBGP 6 answers in order and names nobody, so an answer belongs to the oldest line in flight.
/// The dialogue keeps that list true, and where it can't, it finds the step again with a *fence*:
/// a probe that ExaBGP echoes with a fresh token. What comes before the echo is thrown away.
///
///     Closed --connected--> Resync --echo--> Settling --answers--> Ready
///                             ^  ^-------- out of step ------------'|
///                             '----- a line ----- Silent <----------'  a ping went unanswered
///
/// Commands whose answers are brief travel as a *window*: up to half of Settings::in_flight of them
/// in one write, with one fence after them. Their answers wait for its echo, and count when as many
/// terminators came as there are commands; the next window is written before that. Other commands
/// are windows of their own. All this only after two fences in one write were answered: the relay
/// of an ExaBGP in multi-client mode answers one line at a time and drops the other answers.
///
/// 4.2 and 5.0 echo nothing and answer out of order: one command is written at a time, and the
/// step is found by *quiet*: two probes answered, a while apart, and nothing else in between.
///
///     Resync --answer--> Quiet --nothing more--> Resync --the answer alone--> Ready
///
/// Another program that writes into their pipes is answered onto the same one. Once one has been
/// noticed, commands are *bracketed* for a while: see BracketedAnswer. What can't be is certain
/// only if nobody wrote meanwhile; else its outcome is unknown.
///
/// Many of them fail on some lines without any answer. A command that is quiet is followed by a
/// *witness*, which takes its turn after it: see DialectRules::witness.
class UpstreamDialogue {
  public:
    /// Called from within the dialogue's methods; must not call back into it. Answers go to the
    /// sink of their command, with one of the verdicts `not-sent`, `outcome-unknown`,
    /// `exabgp-failed` and `denied` where ExaBGP gives none.
    class Listener {
      public:
        virtual ~Listener() = default;
        /// Write `bytes`, whole lines, behind all that was written before. At most once a call.
        virtual void on_write(std::string_view bytes) = 0;
        /// The last `bytes` are not to be written after all; false when some have left.
        virtual bool on_take_back(std::uint64_t bytes) = 0;
        /// Bytes given to on_write() that have not left yet.
        [[nodiscard]] virtual std::uint64_t unsent() const = 0;
        /// ExaBGP said `done` to a command; its sink is told next.
        virtual void on_done(const Command& command) = 0;
        /// ExaBGP is alive, but has not answered this command so far.
        virtual void on_answer_missing(const Command& command) = 0;
        /// Whether another program takes answers from the connection, so that one that is missing
        /// may have been given all the same.
        [[nodiscard]] virtual bool shares_answers() = 0;
        /// Whether on_visit() is called for each visit; else only stray answers show them.
        [[nodiscard]] virtual bool sees_visits() const = 0;
        /// An answer for nobody has come, and nothing else tells that another program writes.
        virtual void on_stray_answer() = 0;
        /// The other program that writes commands, in words.
        [[nodiscard]] virtual std::string visitor() const = 0;
        /// `latency` is nullopt when the pong may be that of an older ping. The pong names nobody
        /// where the dialect's InstanceSign is not Uuid.
        virtual void on_pong(const reply::Pong& pong,
                             std::optional<std::chrono::microseconds> latency) = 0;
        /// In step, shared state known: commands flow. Again after every resync.
        virtual void on_ready(Dialect dialect, const std::string& version) = 0;
        /// ExaBGP has said that it ends; nothing more is read or written until on_closed().
        virtual void on_shutdown(const std::string& pid) = 0;
        /// The connection stands, but can't be used until somebody does something about it.
        virtual void on_unusable(std::string_view why) = 0;
        /// The turn of `command` has come; its words may still be put in. See
        /// PeerWatch::Admission.
        virtual PeerWatch::Admission on_admit(Command& command, const DialectRules& rules,
                                              TimePoint now) = 0;
        /// Something an operator may want in the log.
        virtual void on_remark(std::string_view text) = 0;
    };

    struct Settings {
        Milliseconds hold{5'000};              ///< how long a command waits for an absent ExaBGP
        Milliseconds deadline{30'000};         ///< how long an answer may go without AnswerProgress
        std::size_t in_flight = 1;             ///< commands written and not yet answered
        std::vector<std::string> unguarded{};  ///< see guard_against()
        /// Where answers are in order, an answer counts once the echo of a fence behind it has
        /// come: a terminator that belongs to nobody is then told from the command's own.
        bool confirm = false;
        std::size_t answer = 16 * 1024 * 1024;    ///< bytes of one that is bracketed
        std::size_t in_flight_bytes = 64U << 10;  ///< of them all, where there is more than one
    };

    /// How long the second of two fences in one write may stay unanswered after the first.
    static constexpr Milliseconds proof_patience{500};
    /// After a terminator too many or too few, so many commands must have exactly one each before
    /// they travel together again.
    static constexpr std::size_t one_by_one_for = 10'000;
    /// The most bytes of answers that wait for an echo.
    static constexpr std::size_t most_held = 1U << 20;

    /// How long nothing may come, where ExaBGP echoes nothing, before the step is taken as found:
    /// on a fresh connection, and when the rest of a lost answer may still come. Its relay writes a
    /// line that found no room again within a second.
    static constexpr Milliseconds quiet_when_fresh{250};
    static constexpr Milliseconds quiet_after_loss{2'000};

    /// How long an answer may pause before a witness, or where answers are in order a fence, is
    /// written after the command. Harmless when it has not ended: it is answered later then.
    static constexpr Milliseconds short_pause{300};
    /// How long an answer may pause, where a fence overtakes it, before one is written to learn
    /// whether ExaBGP lives.
    static constexpr Milliseconds long_pause{2'000};
    /// How long commands are bracketed after the last visit.
    static constexpr Milliseconds careful_for = Contention::lasts;
    /// How long lines that nobody asked for may come before the connection counts as unusable.
    static constexpr Milliseconds longest_noise{10'000};

    /// `queue` and `listener` must outlive the dialogue. `ping_id` is what v6 pings carry, a client
    /// UUID and its start time; `new_token` gives a word that no answer contains by accident.
    UpstreamDialogue(CommandQueue& queue, Listener& listener, const Settings& settings,
                     std::string ping_id, std::function<std::string()> new_token, TimePoint now);

    void on_connected(TimePoint now);
    void on_connect_failed(std::string_view why) { away_because_ = why; }
    /// The connection is gone; the last `unsent` bytes given to on_write() never left.
    void on_closed(std::string_view why, std::uint64_t unsent, TimePoint now);
    /// Some bytes arrived, perhaps the middle of a line; those of the lines that follow, too.
    void on_bytes(std::size_t count, TimePoint now);
    /// Sends nothing new: call pump() when all that has arrived is read. A second terminator that
    /// comes with the first is then seen for what it is, not taken for the next command's.
    void on_line(std::string_view line, TimePoint now);
    /// The line was longer than exapulsed keeps: whose answer it was can't be told whole.
    void on_line_too_long(TimePoint now);

    /// Another program has opened the pipe that commands are written into, or, `wrote`, written
    /// into it. To be told before what has been read since, and before pump().
    void on_visit(bool wrote, TimePoint now);

    /// Sends a ping when its turn comes. If the last one is still unanswered the dialogue goes
    /// Silent: it stops sending commands until ExaBGP is heard again.
    void ping(TimePoint now);
    /// Sends what may be sent. Call after the queue has got something, and after lines.
    void pump(TimePoint now);
    /// Acts on what is due; call at next_deadline() or later.
    void on_tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;

    /// Ends every command: those in the queue as not-sent, those written as outcome-unknown.
    void abandon_waiting(std::string_view why);
    void abandon_in_flight(std::string_view why);

    void set_settings(const Settings& settings) { settings_ = settings; }
    [[nodiscard]] bool ready() const { return state_ == State::Ready; }
    /// In words; of the last time, when it is ready.
    [[nodiscard]] const std::string& why_not_ready() const { return away_because_; }
    /// ExaBGP has answered a moment ago, and is not asked anything until it is sure to be done.
    [[nodiscard]] bool waits_for_quiet(TimePoint now) const;
    /// Whether something has come since the last call that only an ExaBGP that works sends.
    [[nodiscard]] bool take_sign_of_life() { return std::exchange(sign_of_life_, false); }
    [[nodiscard]] std::size_t commands_in_flight() const { return in_flight_.commands(); }

  private:
    enum class State { Closed, Resync, Quiet, Settling, Ready, Silent };
    using Kind = InFlight::Kind;
    using Entry = InFlight::Entry;

    /// Whether two lines in one write get two answers, on this connection.
    enum class Pipelining { Unproven, Asked, Proven, Refused };

    [[nodiscard]] bool has_room() const;
    [[nodiscard]] static bool is_waited_for(const Entry& entry);
    [[nodiscard]] std::size_t waited_for() const;
    /// How many commands may be in flight now.
    [[nodiscard]] std::size_t together() const {
        return pipelining_ == Pipelining::Proven && to_prove_ == 0 ? settings_.in_flight : 1;
    }
    /// A fence right after a command would never be answered: it follows the answer.
    [[nodiscard]] bool one_by_one() const { return pipelining_ == Pipelining::Refused; }
    [[nodiscard]] bool asks_for_names() const;
    void write_command(Command command, TimePoint now);
    [[nodiscard]] bool joins_window(const Command& command) const;
    void close_window(TimePoint now);
    void prove_pipelining(TimePoint now);
    void proof_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void refuse_pipelining(TimePoint now);
    void flush();
    /// More than one answer came where one was due.
    [[nodiscard]] static bool is_doubtful(const Entry& entry) {
        return entry.more_came && entry.command.shape == AnswerShape::Terminated;
    }
    void read_line(std::string_view line, TimePoint now);
    void ping_or_fence(TimePoint now);
    void act_on_due(TimePoint now);
    void fill(TimePoint now);
    void write(Entry entry, std::string_view line);
    /// A line that keeps no place among those in flight.
    void write_apart(std::string_view line, TimePoint now);
    void write_ping(TimePoint now);
    void write_fence(TimePoint now);
    void write_fence_anew(TimePoint now);
    void resync(std::string_view why, TimePoint now);
    void go_silent(TimePoint now);
    void switch_acks_on(TimePoint now);
    void resync_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void settle(TimePoint now);
    void settling_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void in_step_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void ping_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void command_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void fenced_line(std::string_view line, const UpstreamReply& reply);
    void confirm_apart(TimePoint now);
    void hold_line(Entry& entry, std::string_view line);
    [[nodiscard]] std::optional<reply::Pong> pong_in(std::string_view line,
                                                     const UpstreamReply& reply) const;
    [[nodiscard]] bool fence_passed(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now);
    void end_commands_before_fence(TimePoint now);
    void end_fenced(const Entry& entry);
    [[nodiscard]] bool overtaking_line(std::string_view line, const UpstreamReply& reply,
                                       TimePoint now);
    void fence_overtook(TimePoint now);
    void write_witness(TimePoint now);
    [[nodiscard]] bool witness_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now);
    void head_failed(TimePoint now);
    void put_head_behind(TimePoint now);
    [[nodiscard]] bool is_careful() const { return visited_at_ && !rules().in_order; }
    [[nodiscard]] bool is_uncertain(const Entry& entry) const;
    [[nodiscard]] bool is_stray(const UpstreamReply& reply, TimePoint now);
    [[nodiscard]] bool write_carefully(Command& command, TimePoint now);
    void write_bracket(Kind kind, Command command, BracketedAnswer bracket, TimePoint now);
    void bracket_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    void bracket_complete(TimePoint now);
    void bracket_due(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_bracket_due() const;
    [[nodiscard]] bool is_bracketed() const;
    [[nodiscard]] TimePoint quiet_from() const;
    void lose_contended(const Command& command);
    void miss_deadline(TimePoint now);
    void lose_commands(ErrorCode code, std::string_view why);
    void lose_entry(const Entry& entry, ErrorCode code, std::string_view why);
    /// Gives ExaBGP's verdict, or exapulsed's own. The command is not in flight any more.
    void end(const Command& command, bool done);
    void lose(const Command& command, ErrorCode code, std::string_view why);
    [[nodiscard]] Entry* fence() { return in_flight_.first(Kind::Fence); }
    [[nodiscard]] const Entry* fence() const { return in_flight_.first(Kind::Fence); }
    [[nodiscard]] const DialectRules& rules() const { return rules_of(dialect_); }
    [[nodiscard]] TimePoint quiet_since(const Entry& entry) const;
    [[nodiscard]] TimePoint deadline_of(const Entry& entry) const;
    [[nodiscard]] const Entry* first_unjudged() const;
    [[nodiscard]] std::optional<TimePoint> refusal_due() const;
    [[nodiscard]] std::optional<TimePoint> probe_due() const;
    [[nodiscard]] std::optional<TimePoint> witness_due() const;
    void leave_ready(TimePoint now, std::string_view why);
    void note_sign_of_life(TimePoint now);

    CommandQueue& queue_;
    Listener& listener_;
    Settings settings_;
    std::string ping_id_;
    std::function<std::string()> new_token_;

    State state_ = State::Closed;
    InFlight in_flight_;
    std::string outbox_;  // written, given to on_write() before the call returns
    Pipelining pipelining_ = Pipelining::Unproven;
    TimePoint first_proof_at_;      // Pipelining::Asked: when the first fence was answered
    std::size_t window_ = 0;        // commands written without their fence, within pump()
    std::size_t window_bytes_ = 0;  // of them
    std::size_t held_bytes_ = 0;    // of all InFlight::Entry::held
    std::size_t to_prove_ = 0;      // see one_by_one_for; a new connection changes nothing
    bool ping_due_ = false;
    bool dropping_ = false;  // the last line was for nobody
    std::size_t settle_step_ = 0;
    Dialect dialect_ = Dialect::V6;
    std::string version_;
    Milliseconds quiet_{};  // how long Quiet lasts
    bool alone_ = false;    // Resync after Quiet: nothing but the fence's answer has come
    bool misread_ = false;  // Resync: an `error` came instead of the fence's answer
    std::optional<TimePoint> visited_at_;  // by one that wrote, within careful_for
    bool unswept_ = false;                 // it may have answers outstanding
    int sweeps_ = 0, repeats_ = 0;         // for the next command
    TimePoint witnessed_at_;               // Quiet: when a witness's answer last came
    TimePoint last_byte_;
    TimePoint answer_byte_;  // the last byte, those that a fence brought left out
    AnswerProgress progress_;
    bool sign_of_life_ = false;
    TimePoint sign_of_life_at_;
    TimePoint out_of_step_since_;  // Resync, Quiet, Settling: however often it was tried
    TimePoint last_written_;
    TimePoint away_since_;
    std::string away_because_ = "it has not been reached yet";
};

}  // namespace exapulse
