// SPDX-License-Identifier: BSD-3-Clause
// Wire: what is written on the connection to ExaBGP, what is due for it, and when something last
// came. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/time.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/upstream_reply.hpp"
#include "daemon/upstream/dialogue/answer_progress.hpp"
#include "daemon/upstream/dialogue/contention.hpp"
#include "daemon/upstream/dialogue/dialogue_listener.hpp"
#include "daemon/upstream/dialogue/in_flight.hpp"

namespace exapulse {

/// The part of the dialogue that is the same whatever the order of the answers: it knows the lines
/// in flight, the dialect they are written in, and how a fence and a ping are answered. It decides
/// nothing; UpstreamDialogue and its protocols share it.
class Wire {
  public:
    using Kind = InFlight::Kind;
    using Entry = InFlight::Entry;

    /// `new_token` gives a word that no answer contains by accident; the others must outlive this.
    Wire(DialogueListener& listener, const Contention& contention,
         std::function<std::string()> new_token, TimePoint now);

    /// A new connection.
    void begin_anew(TimePoint now);

    // Nothing leaves before flush(), and then all of it at once.
    void write(Entry entry, std::string_view line);
    /// A line that keeps no place among those in flight.
    void write_apart(std::string_view line, TimePoint now);
    void write_fence(TimePoint now);
    void flush();

    [[nodiscard]] InFlight& in_flight() { return in_flight_; }
    [[nodiscard]] const InFlight& in_flight() const { return in_flight_; }
    /// The oldest fence; null when there is none.
    [[nodiscard]] Entry* fence() { return in_flight_.first(Kind::Fence); }
    [[nodiscard]] const Entry* fence() const { return in_flight_.first(Kind::Fence); }
    /// When `entry` is lost if its answer makes no progress, which may take `deadline`.
    [[nodiscard]] TimePoint deadline_of(const Entry& entry, Milliseconds deadline) const;

    /// Reads a line against the fence at the head; true when the fence's own answer is complete.
    /// Its echo says which dialect is spoken from now on.
    [[nodiscard]] bool fence_passed(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now);
    /// When a fence that was echoed without its terminator shows that acks are off.
    [[nodiscard]] std::optional<TimePoint> acks_due() const;
    /// Reads a line against the ping at the head, which leaves with the end of its answer; false
    /// when the line is no part of that.
    [[nodiscard]] bool read_pong(std::string_view line, const UpstreamReply& reply, TimePoint now);
    /// What the line says as the answer to a ping.
    [[nodiscard]] std::optional<reply::Pong> pong_in(std::string_view line,
                                                     const UpstreamReply& reply) const;

    [[nodiscard]] const DialectRules& rules() const { return rules_of(dialect_); }
    [[nodiscard]] Dialect dialect() const { return dialect_; }
    [[nodiscard]] const std::string& version() const { return version_; }
    /// Keeps the version that the line names, if it names one.
    void learn_version(std::string_view line);

    void note_byte(TimePoint now) { last_byte_ = now; }
    /// These bytes belong to an answer.
    void note_progress(std::size_t bytes, TimePoint now);
    /// A whole line of an answer came.
    void note_step(TimePoint now);
    /// Nothing was read for a while, since exapulsed did not want to: what is due for want of an
    /// answer is due as much later as if something had come now.
    void note_reading_again(TimePoint now);
    /// Something came that only an ExaBGP that works sends.
    void note_sign_of_life(TimePoint now);
    [[nodiscard]] bool take_sign_of_life() { return std::exchange(sign_of_life_, false); }
    [[nodiscard]] TimePoint sign_of_life_at() const { return sign_of_life_at_; }
    [[nodiscard]] TimePoint last_byte() const { return last_byte_; }
    [[nodiscard]] TimePoint last_written() const { return last_written_; }
    [[nodiscard]] TimePoint last_progress() const { return progress_.last(); }

    /// Out of step since then, however often the search began anew; valid only while out of step.
    void note_step_lost(TimePoint now) { step_lost_at_ = now; }
    [[nodiscard]] TimePoint step_lost_at() const { return step_lost_at_; }

    /// Another program has opened the pipe, or, `wrote`, written into it.
    void on_visit(bool wrote);
    /// Answers to another program may come among ours.
    [[nodiscard]] const Contention& contention() const { return contention_; }
    [[nodiscard]] bool contended() const { return contention_.seen().has_value(); }
    /// All that was written so far has been answered, to whomever.
    void note_swept() { swept_ = true; }
    /// Nobody has written since.
    [[nodiscard]] bool swept() const { return swept_; }

  private:
    DialogueListener& listener_;
    const Contention& contention_;
    std::function<std::string()> new_token_;
    InFlight in_flight_;
    std::string outbox_;
    Dialect dialect_ = Dialect::V6;
    std::string version_;
    bool swept_ = true;
    AnswerProgress progress_;
    TimePoint last_byte_, last_written_, step_lost_at_;
    bool sign_of_life_ = false;
    TimePoint sign_of_life_at_;
};

}  // namespace exapulse
