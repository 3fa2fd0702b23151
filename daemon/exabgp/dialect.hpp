// SPDX-License-Identifier: BSD-3-Clause
// Dialect: how to talk to each version of ExaBGP, one row each. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/peer_selector.hpp"
#include "common/protocol.hpp"
#include "daemon/exabgp/peer_answer.hpp"
#include "daemon/exabgp/verb.hpp"

namespace exapulse {

/// What identifies the daemon that answers.
enum class InstanceSign {
    Uuid,     ///< the UUID in its pong
    Process,  ///< its process, since nothing on the wire does
};

/// How ExaBGP finds the command in a line.
enum class Matching {
    FirstWords,
    Anywhere,  ///< `# please reload` reloads
};

/// A command that harms ExaBGP itself.
struct UnsafeCommand {
    std::string_view guard;  ///< its name in commands.unguarded
    /// `command` is what ExaBGP finds in the line: see command_in().
    bool (*matches)(Words line, std::string_view command);
    std::string_view reason;
};

/// The name in commands.unguarded for commands that reach other peers than they name.
inline constexpr std::string_view selector_guard = "selector";

/// All differences between dialects. A new version of ExaBGP needs only a new row in dialect.cpp.
struct DialectRules {
    Dialect dialect;
    /// Whether `line` is its answer to the probe with this token: see dialect_of_probe().
    bool (*answers_probe)(std::string_view line, std::string_view token);
    InstanceSign sign;
    std::string_view ping;  ///< `{}` is replaced with the sender and when it started
    /// Answers come in the order of the commands. If not, one command is written at a time, and
    /// only a `version` may overtake it.
    bool in_order;
    /// If a command can fail without any answer: a cheap command that changes nothing and is
    /// answered after all commands written before it, so that its answer proves that ExaBGP is done
    /// with them. Empty: every command is answered.
    std::string_view witness;
    /// The first line of the witness's answer. It is also the first line of a summary of the peers,
    /// see asks_for_summary(), and in no other answer.
    std::string_view witness_answer;
    /// Another command that takes_turn() and changes nothing, answered with `done` alone.
    std::string_view spacer;
    /// Sets the state that all users of the relay share to known values; the last line queries the
    /// version. Empty: the probe is enough.
    std::span<const std::string_view> settling;
    /// Switches acks on; empty if no command does.
    std::string_view acks_on;
    Matching matching;
    /// The commands that ExaBGP searches for with Matching::Anywhere, in its order.
    std::span<const std::string_view> commands;
    /// Verbs that change nothing and are safe to repeat.
    std::span<const Verb> read_only;
    /// Commands, as from command_in(), that are answered with exactly one terminator and at most a
    /// line or two before it. Empty if answers are not in order.
    std::span<const std::string_view> brief;
    std::span<const UnsafeCommand> unsafe;
    /// Together their answers have all about the peers; that of the first has what changes by
    /// itself.
    std::span<const PeerQuestion> peer_questions;
    /// Its answer has the names of the peers that routes can be announced to.
    PeerQuestion names_question;
    /// Names change only in a reload, which ends the connection: one answer is valid for all of it.
    bool names_hold;
    SelectorGrammar selectors;
};

[[nodiscard]] const DialectRules& rules_of(Dialect dialect);

/// The one query that distinguishes all of them and harms none: a version that is not a number.
[[nodiscard]] std::string probe_command(std::string_view token);

/// The dialect, if `line` is an answer to the probe with this token; nullopt for any other
/// line. 6.0 echoes the token: as JSON in v6 (`{"error": "Invalid version: TOKEN"}`), as text in v4
/// (`error: invalid version: TOKEN`). 4.2 and 5.0 find the word `version` in the probe and answer
/// that, `exabgp 4.2.21`, whoever sent it.
[[nodiscard]] std::optional<Dialect> dialect_of_probe(std::string_view line,
                                                      std::string_view token);

}  // namespace exapulse
