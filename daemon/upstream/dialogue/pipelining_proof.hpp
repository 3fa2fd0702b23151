// SPDX-License-Identifier: BSD-3-Clause
// PipeliningProof: whether ExaBGP 6 answers each of several lines in one write. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/upstream/dialogue/answer_protocol.hpp"

namespace exapulse {

/// Asked once per connection, with two fences in one write. The relay of an ExaBGP in multi-client
/// mode answers the first and drops the other answer.
class PipeliningProof {
  public:
    /// How long the second fence may stay unanswered after the first.
    static constexpr Milliseconds patience{500};

    explicit PipeliningProof(const DialogueParts& parts) : parts_(parts) {}

    void on_connected() { state_ = State::Unknown; }
    /// The fences are void: whoever still wants to know asks again.
    void reset();
    /// Writes the fences; nothing else is in flight.
    void ask(TimePoint now);

    // While asking(). Found: it is known now. AskAgain: it is too, but an answer may be late.
    [[nodiscard]] Step on_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    [[nodiscard]] Step on_tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_tick() const;

    [[nodiscard]] bool unknown() const { return state_ == State::Unknown; }
    [[nodiscard]] bool asking() const { return state_ == State::Asking; }
    /// Each line is answered.
    [[nodiscard]] bool proven() const { return state_ == State::Proven; }
    /// Only the first of several is: a fence right after a command would get no answer.
    [[nodiscard]] bool refuted() const { return state_ == State::Refuted; }

  private:
    enum class State { Unknown, Asking, Proven, Refuted };

    DialogueParts parts_;
    State state_ = State::Unknown;
    TimePoint first_answer_at_;  // State::Asking
};

}  // namespace exapulse
