// SPDX-License-Identifier: BSD-3-Clause
// Command: a line on its way to ExaBGP, and the AnswerSink that its answer goes to. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "common/protocol.hpp"
#include "common/time.hpp"
#include "daemon/exabgp/peer_answer.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

using SessionId = std::uint64_t;
using CommandId = std::uint64_t;
/// Of the host: the uid of a client.
using UserId = std::uint32_t;

/// The owner of what no client asked.
inline constexpr SessionId exapulsed_itself = 0;

/// The owner of the commands whose clients have left, one for each user; no session has such an id.
[[nodiscard]] constexpr SessionId departed_clients_of(std::uint32_t uid) {
    return SessionId{1} << 63 | uid;
}

/// How ExaBGP ends the answer to a command.
enum class AnswerShape {
    Terminated,  ///< with exactly one `done` or `error`
    Irregular,   ///< with none, or two: only an echo after it shows that it has ended
};

/// How a command ended: with ExaBGP's own `done` or `error`, or without either.
struct Verdict {
    bool done = false;                ///< ExaBGP said `done`
    std::optional<ErrorCode> lost{};  ///< no answer of ExaBGP's will come: exapulsed's own verdict
    std::string_view why{};           ///< of a lost one; valid only during the call

    [[nodiscard]] static Verdict of_exabgp(bool done) { return {.done = done}; }
    [[nodiscard]] static Verdict of_exapulsed(ErrorCode code, std::string_view why) {
        return {.done = false, .lost = code, .why = why};
    }
};

struct Command;

/// Where the answer to a command goes. It outlives the command: whoever asked may be gone by then,
/// which is for the sink to find out. It must not call back into the dialogue.
class AnswerSink {
  public:
    /// One line of the answer, without LF.
    virtual void on_answer_line(const Command& command, std::string_view line) = 0;
    /// The last call for a command that was submitted; each one gets it exactly once.
    virtual void on_verdict(const Command& command, const Verdict& verdict) = 0;

  protected:
    ~AnswerSink() = default;
};

/// Marks a question about ExaBGP's peers, and which one of DialectRules::peer_questions it is; with
/// PictureDepth::Names it is DialectRules::names_question.
struct PeerStep {
    std::size_t question = 0;
    PictureDepth depth = PictureDepth::Existence;  ///< whether the next ones are asked as well
    AnswerSink* asker = nullptr;  ///< who wants the snapshot; nullptr: exapulsed itself
};

struct Command {
    CommandId id = 0;
    SessionId owner = 0;
    std::shared_ptr<const Request> request{};  ///< the line; never null once its turn has come
    AnswerShape shape = AnswerShape::Terminated;
    TimePoint queued_at{};
    std::optional<PeerStep> peers{};       ///< `request` is set when its turn comes
    std::shared_ptr<const void> charge{};  ///< what the client's user is charged for it
    UserId user = 0;                       ///< whose session the owner is
    AnswerSink* sink = nullptr;            ///< set before the command is submitted

    /// A question for the names of the peers.
    [[nodiscard]] bool asks_for_names() const {
        return peers && peers->depth == PictureDepth::Names;
    }
    /// Without LF; empty while there is no request.
    [[nodiscard]] std::string_view line() const {
        return request ? std::string_view(request->text()) : std::string_view();
    }
};

}  // namespace exapulse
