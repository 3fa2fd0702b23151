// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDialogue: what is said on the one connection to ExaBGP, kept in step. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/protocol.hpp"
#include "common/time.hpp"
#include "daemon/commands/command_queue.hpp"
#include "daemon/upstream/dialogue/command_deadlines.hpp"
#include "daemon/upstream/dialogue/command_feed.hpp"
#include "daemon/upstream/dialogue/contention.hpp"
#include "daemon/upstream/dialogue/dialogue_listener.hpp"
#include "daemon/upstream/dialogue/step_search.hpp"
#include "daemon/upstream/dialogue/verdicts.hpp"
#include "daemon/upstream/dialogue/wire.hpp"

namespace exapulse {

/// ExaBGP's answers do not say which command they belong to. That is known only *in step*: while it
/// is certain which of the lines written have been answered. An AnswerProtocol matches answers to
/// commands; the StepSearch gets into step, and back. The dialogue takes commands from the queue
/// while in step, pings ExaBGP, and makes sure that each command gets one verdict within its
/// deadline.
///
///     Closed --connected--> Searching --found--> Ready
///                             ^  ^-- out of step --'|
///                             '--- a line --- Silent <-- a ping went unanswered
class UpstreamDialogue {
  public:
    using Listener = DialogueListener;
    using Settings = DialogueSettings;

    /// `queue`, `listener` and `contention` must outlive the dialogue. `ping_id` is what v6 pings
    /// carry, a client UUID and its start time; `new_token` gives a word that no answer contains by
    /// accident.
    UpstreamDialogue(CommandQueue& queue, Listener& listener, const Contention& contention,
                     const Settings& settings, std::string ping_id,
                     std::function<std::string()> new_token, TimePoint now);
    UpstreamDialogue(const UpstreamDialogue&) = delete;
    UpstreamDialogue& operator=(const UpstreamDialogue&) = delete;

    void on_connected(TimePoint now);
    void on_connect_failed(std::string_view why) { away_because_ = why; }
    /// The connection is gone; the last `unsent` bytes given to on_write() never left.
    void on_closed(std::string_view why, std::uint64_t unsent, TimePoint now);
    /// Some bytes arrived, perhaps the middle of a line; those of the lines that follow, too.
    void on_bytes(std::size_t count, TimePoint now);
    /// Sends nothing new: call pump() when all that has arrived is read. A second terminator that
    /// comes with the first is then seen for what it is, not taken for the next command's.
    void on_line(std::string_view line, TimePoint now);
    /// The line was longer than exapulsed keeps: its answer can't be passed on whole.
    void on_line_too_long(TimePoint now);

    /// Another program has opened the pipe that commands are written into, or, `wrote`, written
    /// into it. To be reported before what has been read since, and before pump(); a write also to
    /// the Contention.
    void on_visit(bool wrote) { wire_.on_visit(wrote); }

    /// Sends a ping when its turn comes. If the last one is still unanswered the dialogue goes
    /// Silent: it stops sending commands until ExaBGP is heard again.
    void ping(TimePoint now);
    /// Sends what may be sent. Call after the queue has got something, and after lines.
    void pump(TimePoint now);
    /// Acts on what is due; call at next_deadline() or later.
    void on_tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;

    /// The command whose answer is arriving, which its client gets as it comes; null when there is
    /// none, or when no line of it has come yet.
    [[nodiscard]] const Command* answered() const;
    /// Whether other commands in flight than those of `owner` wait for their answers.
    [[nodiscard]] bool others_in_flight(SessionId owner) const;
    /// The client of answered() does not read: gives it a verdict, and drops the rest of the answer
    /// as it comes. `why` says which limit was reached.
    void drop_answer(std::string_view why);
    /// Nothing was read from ExaBGP until now, because exapulsed did not want to. Meanwhile neither
    /// on_tick() nor ping() may be called.
    void on_reading_again(TimePoint now);

    /// Ends every command: those in the queue as not-sent, those written as outcome-unknown.
    void abandon_waiting(std::string_view why);
    void abandon_in_flight(std::string_view why);

    void set_settings(const Settings& settings) { settings_ = settings; }
    [[nodiscard]] bool ready() const { return state_ == State::Ready; }
    /// In words; of the last time, when it is ready.
    [[nodiscard]] const std::string& why_not_ready() const { return away_because_; }
    /// ExaBGP has answered a moment ago, and is not asked anything until it is sure to be done.
    [[nodiscard]] bool waits_for_quiet(TimePoint now) const {
        return state_ == State::Searching && search_.listens(now);
    }
    /// Whether something has come since the last call that only an ExaBGP that works sends.
    [[nodiscard]] bool take_sign_of_life() { return wire_.take_sign_of_life(); }
    [[nodiscard]] std::size_t commands_in_flight() const { return in_flight_.commands(); }

  private:
    enum class State { Closed, Searching, Ready, Silent };
    using Kind = InFlight::Kind;
    using Entry = InFlight::Entry;

    void read_line(std::string_view line, TimePoint now);
    void follow(const Step& step, TimePoint now);
    void resync(std::string_view why, TimePoint now);
    void switch_acks_on(TimePoint now);
    void unusable(std::string_view why);
    void go_silent(TimePoint now);
    void leave_ready(TimePoint now, std::string_view why);
    void ping_or_fence(TimePoint now);
    void write_ping(TimePoint now);
    void act_on_due(TimePoint now);

    CommandQueue& queue_;
    Listener& listener_;
    Settings settings_;
    std::string ping_id_;
    Wire wire_;
    InFlight& in_flight_ = wire_.in_flight();
    Verdicts verdicts_;
    DialogueParts parts_{queue_, listener_, settings_, wire_, verdicts_};
    CommandFeed feed_{parts_};
    CommandDeadlines deadlines_{parts_};
    StepSearch search_;

    State state_ = State::Closed;
    bool ping_due_ = false;          // one is to be written as soon as no answer is due
    bool last_was_unasked_ = false;  // the last line was for nobody, and was logged
    TimePoint away_since_;
    std::string away_because_ = "it has not been reached yet";
};

}  // namespace exapulse
