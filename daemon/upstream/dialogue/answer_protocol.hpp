// SPDX-License-Identifier: BSD-3-Clause
// AnswerProtocol: how answers are matched to commands, and how that is regained once lost. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "common/time.hpp"
#include "daemon/commands/command_queue.hpp"
#include "daemon/exabgp/upstream_reply.hpp"
#include "daemon/upstream/dialogue/dialogue_listener.hpp"
#include "daemon/upstream/dialogue/verdicts.hpp"
#include "daemon/upstream/dialogue/wire.hpp"

namespace exapulse {

/// How long an answer may pause before a question is written after the command whose answer ends
/// or replaces it. Harmless when it has not ended: the question is answered later then.
inline constexpr Milliseconds short_pause{300};
/// How long an answer may pause, where a fence overtakes it, before one is written to learn
/// whether ExaBGP lives.
inline constexpr Milliseconds long_pause{2'000};

/// What a call found out about the step: *in step*, each answer belongs to a known command.
struct Step {
    enum class Kind {
        Same,      ///< nothing has changed
        Unasked,   ///< the line is for nobody
        Lost,      ///< out of step, because of `why`
        Found,     ///< in step again, as far as the protocol is concerned
        AskAgain,  ///< another fence is to be written, and nothing else
        Unusable   ///< somebody must do something before it can be found, because of `why`
    };
    Kind kind = Kind::Same;
    std::string_view why{};  ///< a constant
};

/// What the protocols share with the dialogue, which owns all of it and outlives them.
struct DialogueParts {
    CommandQueue& queue;
    DialogueListener& listener;
    const DialogueSettings& settings;
    Wire& wire;
    Verdicts& verdicts;
};

/// One of the two ways in which versions of ExaBGP answer. StepSearch asks the one that the dialect
/// needs, and from Found on UpstreamDialogue. Both start with a fence:
///
///     reset() .. fence .. on_echo() ..(on_line, on_tick).. Found, settling, on_settled()
///     ..(same).. Found: in step, commands may be written
class AnswerProtocol {
  public:
    virtual ~AnswerProtocol() = default;

    // The search for the step.

    /// Whatever was known about the answers that are due is void.
    virtual void reset() = 0;
    /// The fence was answered; `alone`: nothing else came since it was written.
    [[nodiscard]] virtual Step on_echo(bool alone, TimePoint now) = 0;
    /// All of DialectRules::settling was answered.
    [[nodiscard]] virtual Step on_settled(TimePoint now) = 0;
    /// Commands or the rest of their answers were lost, and may still be answered.
    virtual void on_answers_lost() {}
    /// It asks nothing and waits for silence, for so long; nullopt: an answer is due.
    [[nodiscard]] virtual std::optional<Milliseconds> listens_for() const { return std::nullopt; }

    // In step, and what on_echo() and on_settled() have begun.

    virtual void on_bytes(std::size_t count, TimePoint now) = 0;
    [[nodiscard]] virtual Step on_line(std::string_view line, const UpstreamReply& reply,
                                       TimePoint now) = 0;
    /// Acts on what is due; call at next_tick() or later.
    [[nodiscard]] virtual Step on_tick(TimePoint now) = 0;
    [[nodiscard]] virtual std::optional<TimePoint> next_tick() const = 0;

    // In step.

    /// Whether another line may be written.
    [[nodiscard]] virtual bool has_room() const = 0;
    /// Whether that holds for `command`: not each may go with those written a moment ago.
    [[nodiscard]] virtual bool has_room_for(const Command& command, TimePoint now) = 0;
    /// Whether a ping would be answered next.
    [[nodiscard]] virtual bool is_idle() const = 0;
    /// There is room: writes the command, or what must be answered first, and puts it back.
    virtual void write(Command command, TimePoint now) = 0;
    /// No more commands come for now.
    virtual void end_writing(TimePoint now) = 0;
    /// Asks for a sign of life that does not wait for the command in flight, where there is one.
    virtual void probe(TimePoint now) = 0;
    /// A line of an answer was too long to be kept. False: the step is lost by that.
    [[nodiscard]] virtual bool cut_answer(std::string_view why) = 0;
};

}  // namespace exapulse
