// SPDX-License-Identifier: BSD-3-Clause
// DialogueListener: what UpstreamDialogue asks of its surroundings, and reports to them. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/protocol.hpp"
#include "common/time.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/upstream_reply.hpp"
#include "daemon/peers/peer_watch.hpp"

namespace exapulse {

/// Called from within the dialogue's methods; must not call back into it. Answers go to the
/// sink of their command, with one of the verdicts `not-sent`, `outcome-unknown`,
/// `exabgp-failed` and `denied` where ExaBGP gives none.
class DialogueListener {
  public:
    virtual ~DialogueListener() = default;
    /// Write `bytes`, whole lines, after all that was written before. At most once per call.
    virtual void on_write(std::string_view bytes) = 0;
    /// The last `bytes` are not to be written after all; false when some have left.
    virtual bool on_take_back(std::uint64_t bytes) = 0;
    /// Bytes given to on_write() that have not left yet.
    [[nodiscard]] virtual std::uint64_t unsent() const = 0;
    /// `line`, without its LF, is among the bytes of the next on_write(): that of `command` or,
    /// where that is null, one of exapulsed's own.
    virtual void on_line_written(std::string_view line, const Command* command, TimePoint now) = 0;
    /// The line just read belongs to the answer to `command`, as far as is known now.
    virtual void on_line_matched(const Command& command) = 0;
    /// A command that was written ends without ExaBGP's verdict; its sink is called next.
    virtual void on_answer_lost(const Command& command, ErrorCode code, std::string_view why) = 0;
    /// ExaBGP said `done` to a command; its sink is called next.
    virtual void on_done(const Command& command) = 0;
    /// ExaBGP is alive, but has not answered this command so far.
    virtual void on_answer_missing(const Command& command) = 0;
    /// Whether another program may take answers from the connection, so that one that is missing
    /// may have been given all the same.
    [[nodiscard]] virtual bool shares_answers() = 0;
    /// Whether on_visit() is called for each visit; else only stray answers show them.
    [[nodiscard]] virtual bool sees_visits() const = 0;
    /// An answer for nobody has come, which alone shows that another program writes: to be noted in
    /// the Contention.
    virtual void on_stray_answer() = 0;
    /// `latency` is nullopt when the pong may be that of an older ping. The pong has no UUID
    /// where the dialect's InstanceSign is not Uuid.
    virtual void on_pong(const reply::Pong& pong,
                         std::optional<std::chrono::microseconds> latency) = 0;
    /// In step, shared state known: commands flow. Again after every resync.
    virtual void on_ready(Dialect dialect, const std::string& version) = 0;
    /// ExaBGP has said that it ends; nothing more is read or written until on_closed().
    virtual void on_shutdown(const std::string& pid) = 0;
    /// The connection is up, but can't be used until somebody does something about it.
    virtual void on_unusable(std::string_view why) = 0;
    /// The turn of `command` has come; its words may still be filled in. See
    /// PeerWatch::Admission.
    virtual PeerWatch::Admission on_admit(Command& command, const DialectRules& rules,
                                          TimePoint now) = 0;
    /// Something an operator may want in the log.
    virtual void on_remark(std::string_view text) = 0;
};

struct DialogueSettings {
    Milliseconds hold{5'000};              ///< how long a command waits for an absent ExaBGP
    Milliseconds deadline{30'000};         ///< how long an answer may go without AnswerProgress
    std::size_t in_flight = 1;             ///< commands written and not yet answered
    std::vector<std::string> unguarded{};  ///< see guard_against()
    /// Where answers are in order, an answer counts once the echo of a fence after it has come: so
    /// a terminator that belongs to no command is detected.
    bool confirm = false;
    std::size_t answer = 16 * 1024 * 1024;    ///< bytes of one that is bracketed
    std::size_t in_flight_bytes = 64U << 10;  ///< of them all, where there is more than one
};

}  // namespace exapulse
