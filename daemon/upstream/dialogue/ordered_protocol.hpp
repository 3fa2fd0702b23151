// SPDX-License-Identifier: BSD-3-Clause
// OrderedProtocol: the answers of ExaBGP 6, which come in the order of the commands. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "daemon/upstream/dialogue/answer_protocol.hpp"
#include "daemon/upstream/dialogue/pipelining_proof.hpp"

namespace exapulse {

/// An answer belongs to the oldest line in flight. A fence that is echoed with its token shows that
/// all before it has been answered, and finds the step again: what comes before it is thrown away.
///
/// Commands whose answers are brief travel as a *window*: up to half of DialogueSettings::in_flight
/// of them in one write, with one fence after them. Their answers wait for its echo, and count when
/// as many terminators came as there are commands; the next window is written before that. Other
/// commands are windows of their own. All this only after the PipeliningProof.
///
/// In a window, a terminator too many and one too few would cancel each other out. So an ExaBGP
/// that was once seen to send a wrong number of them gets no windows for the rest of the
/// connection.
class OrderedProtocol final : public AnswerProtocol {
  public:
    /// After a terminator too many or too few, so many commands must have exactly one each before
    /// they travel together again, which they don't before the next connection.
    static constexpr std::size_t one_by_one_for = 10'000;

    explicit OrderedProtocol(const DialogueParts& parts) : parts_(parts), pipelining_(parts) {}

    void on_connected();

    void reset() override { pipelining_.reset(); }
    [[nodiscard]] Step on_echo(bool alone, TimePoint now) override;
    [[nodiscard]] Step on_settled(TimePoint now) override;
    void on_bytes(std::size_t count, TimePoint now) override;
    [[nodiscard]] Step on_line(std::string_view line, const UpstreamReply& reply,
                               TimePoint now) override;
    [[nodiscard]] Step on_tick(TimePoint now) override;
    [[nodiscard]] std::optional<TimePoint> next_tick() const override;
    [[nodiscard]] bool has_room() const override;
    [[nodiscard]] bool has_room_for(const Command& command, TimePoint now) override;
    [[nodiscard]] bool is_idle() const override;
    void write(Command command, TimePoint now) override;
    void end_writing(TimePoint now) override;
    void probe(TimePoint) override {}  // the answer in flight is the sign of life
    [[nodiscard]] bool cut_answer(std::string_view why) override;

  private:
    using Kind = InFlight::Kind;
    using Entry = InFlight::Entry;

    [[nodiscard]] std::size_t together() const;
    [[nodiscard]] bool joins_window(const Command& command) const;
    [[nodiscard]] Step command_line(std::string_view line, const UpstreamReply& reply,
                                    TimePoint now);
    void fenced_line(std::string_view line, const UpstreamReply& reply);
    [[nodiscard]] Step confirm_apart(TimePoint now);
    void end_commands_before_fence(TimePoint now);
    void end_fenced(const Entry& entry);
    void penalise(const Entry& entry, TimePoint now);
    void distrust();
    [[nodiscard]] std::optional<TimePoint> fence_due() const;

    DialogueParts parts_;
    Wire& wire_ = parts_.wire;
    InFlight& in_flight_ = parts_.wire.in_flight();
    PipeliningProof pipelining_;
    std::size_t window_ = 0;        // commands written without their fence, within one turn
    std::size_t window_bytes_ = 0;  // of them
    bool miscounted_ = false;       // a wrong number of terminators came on this connection
    std::size_t to_prove_ = 0;      // see one_by_one_for; a new connection changes nothing
};

}  // namespace exapulse
