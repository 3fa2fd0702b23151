// SPDX-License-Identifier: BSD-3-Clause
// Command: a line on its way to ExaBGP, and the AnswerSink that gets its answer. Pure.
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
/// The uid of a client on this host.
using UserId = std::uint32_t;

/// The owner of exapulsed's own commands.
inline constexpr SessionId exapulsed_itself = 0;

/// The owner of commands whose clients have disconnected, one per user; no session has such an id.
[[nodiscard]] constexpr SessionId departed_clients_of(std::uint32_t uid) {
    return SessionId{1} << 63 | uid;
}

/// How ExaBGP ends the answer to a command.
enum class AnswerShape {
    Terminated,  ///< with exactly one `done` or `error`
    Irregular,   ///< with none, or two: only an echo after it marks its end
};

/// How a command ended: with ExaBGP's own `done` or `error`, or without either.
struct Verdict {
    bool done = false;                ///< ExaBGP answered `done`
    std::optional<ErrorCode> lost{};  ///< exapulsed's own verdict: ExaBGP will not answer
    std::string_view why{};           ///< for `lost`; valid only during the call

    [[nodiscard]] static Verdict of_exabgp(bool done) { return {.done = done}; }
    [[nodiscard]] static Verdict of_exapulsed(ErrorCode code, std::string_view why) {
        return {.done = false, .lost = code, .why = why};
    }
};

struct Command;

/// Receives the answer to a command. It outlives the command; the client may have disconnected,
/// which the sink must check. It must not call back into the dialogue.
class AnswerSink {
  public:
    /// One line of the answer, without LF.
    virtual void on_answer_line(const Command& command, std::string_view line) = 0;
    /// The last call for a submitted command; called exactly once for each.
    virtual void on_verdict(const Command& command, const Verdict& verdict) = 0;

  protected:
    ~AnswerSink() = default;
};

/// Marks a question about ExaBGP's peers, one of DialectRules::peer_questions; with
/// PeerDetail::Names it is DialectRules::names_question.
struct PeerStep {
    std::size_t question = 0;
    PeerDetail detail = PeerDetail::Existence;  ///< decides whether the next ones follow
    AnswerSink* asker = nullptr;                ///< gets the snapshot; nullptr: exapulsed itself
};

struct Command {
    CommandId id = 0;
    SessionId owner = 0;
    std::shared_ptr<const Request> request{};  ///< the line; never null once it is its turn
    AnswerShape shape = AnswerShape::Terminated;
    TimePoint queued_at{};
    std::optional<TimePoint> written_at{};  ///< nullopt: ExaBGP has not seen a byte of it
    std::optional<PeerStep> peers{};        ///< `request` is set when it is its turn
    UserId user = 0;                        ///< the user of the owner's session
    AnswerSink* sink = nullptr;             ///< set before the command is submitted

    /// Whether it is a question for the names of the peers.
    [[nodiscard]] bool asks_for_names() const {
        return peers && peers->detail == PeerDetail::Names;
    }
    /// Without LF; empty while there is no request.
    [[nodiscard]] std::string_view line() const {
        return request ? std::string_view(request->text()) : std::string_view();
    }
};

}  // namespace exapulse
