// SPDX-License-Identifier: BSD-3-Clause
// QuietProtocol: the answers of ExaBGP 4.2 and 5.0, which have no order and echo nothing. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "daemon/upstream/dialogue/answer_protocol.hpp"
#include "daemon/upstream/dialogue/bracketed_commands.hpp"

namespace exapulse {

/// One command is written at a time, and the step is found by silence: two probes answered, a while
/// apart, and nothing else in between.
///
///     Probing --answer--> Listening --nothing more--> Confirming --the answer alone--> InStep
///
/// Many versions fail on some lines without any answer. A command whose answer pauses is followed
/// by a *witness*, which takes its turn after it: see DialectRules::witness.
///
/// Another program that writes into the pipes is answered onto the same one. While there is such
/// Contention, commands are bracketed. What can't be is certain only if nobody wrote meanwhile;
/// else its outcome is unknown.
class QuietProtocol final : public AnswerProtocol {
  public:
    /// How long nothing may come before the step is taken as found: on a fresh connection, and when
    /// the rest of a lost answer may still come. ExaBGP's relay writes a line that found no room
    /// again within a second.
    static constexpr Milliseconds quiet_when_fresh{250};
    static constexpr Milliseconds quiet_after_loss{2'000};
    /// How long lines that nobody asked for may come before the connection counts as unusable.
    static constexpr Milliseconds longest_noise{10'000};

    QuietProtocol(const DialogueParts& parts, TimePoint now)
        : parts_(parts), bracketed_(parts), answer_byte_(now) {}

    void reset() override { phase_ = Phase::Probing; }
    [[nodiscard]] Step on_echo(bool alone, TimePoint now) override;
    [[nodiscard]] Step on_settled(TimePoint now) override;
    void on_answers_lost() override { settle_time_ = quiet_after_loss; }
    [[nodiscard]] std::optional<Milliseconds> listens_for() const override;
    void on_bytes(std::size_t count, TimePoint now) override;
    [[nodiscard]] Step on_line(std::string_view line, const UpstreamReply& reply,
                               TimePoint now) override;
    [[nodiscard]] Step on_tick(TimePoint now) override;
    [[nodiscard]] std::optional<TimePoint> next_tick() const override;
    [[nodiscard]] bool has_room() const override { return in_flight_.empty(); }
    [[nodiscard]] bool has_room_for(const Command&, TimePoint) override { return true; }
    [[nodiscard]] bool is_idle() const override { return in_flight_.empty(); }
    void write(Command command, TimePoint now) override;
    void end_writing(TimePoint) override {}
    void probe(TimePoint now) override;
    [[nodiscard]] bool cut_answer(std::string_view) override { return false; }

  private:
    using Kind = InFlight::Kind;
    using Entry = InFlight::Entry;
    enum class Phase { Probing, Listening, Confirming, InStep };

    [[nodiscard]] TimePoint silent_since() const;
    [[nodiscard]] Step listen(TimePoint now);
    [[nodiscard]] Step unasked_line(const UpstreamReply& reply);
    [[nodiscard]] bool overtaking_line(std::string_view line, const UpstreamReply& reply,
                                       TimePoint now);
    void fence_overtook(TimePoint now);
    [[nodiscard]] bool witness_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now);
    void command_line(std::string_view line, const UpstreamReply& reply);
    [[nodiscard]] TimePoint pause_began(const Entry& head) const;
    [[nodiscard]] std::optional<TimePoint> fence_due() const;
    [[nodiscard]] std::optional<TimePoint> witness_due() const;

    DialogueParts parts_;
    Wire& wire_ = parts_.wire;
    InFlight& in_flight_ = parts_.wire.in_flight();
    BracketedCommands bracketed_;
    Phase phase_ = Phase::Probing;
    Milliseconds settle_time_ = quiet_when_fresh;  // how long Phase::Listening lasts
    TimePoint witnessed_at_;  // Phase::Listening: when a witness's answer last came
    TimePoint answer_byte_;   // the last byte, those that a fence brought left out
};

}  // namespace exapulse
