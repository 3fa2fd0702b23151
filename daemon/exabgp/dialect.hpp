// SPDX-License-Identifier: BSD-3-Clause
// Dialect: how each version of ExaBGP is spoken to, one row each. Pure.
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

/// How the daemon that answers is told from the one before it.
enum class InstanceSign {
    Uuid,     ///< its pong names it
    Process,  ///< nothing on the wire does: its process is looked at
};

/// How ExaBGP finds the command in a line.
enum class Matching {
    FirstWords,
    Anywhere,  ///< `# please reload` reloads
};

/// A line that harms ExaBGP itself.
struct Danger {
    std::string_view guard;  ///< its name in commands.unguarded
    /// `command` is what ExaBGP finds in the line: see command_in().
    bool (*in)(Words line, std::string_view command);
    std::string_view harm;
};

/// The name in commands.unguarded of the danger that a command reaches other peers than it names.
inline constexpr std::string_view selector_guard = "selector";

/// All that is known about a dialect. Another version of ExaBGP is another row in dialect.cpp.
struct DialectRules {
    Dialect dialect;
    /// Whether `line` is how it answers the probe with this token: see dialect_of_probe().
    bool (*answers_probe)(std::string_view line, std::string_view token);
    InstanceSign sign;
    std::string_view ping;  ///< asks for a sign of life; `{}` stands for who asks, and since when
    /// Answers come in the order of the commands. Where they don't, one command is written at a
    /// time, and only a `version` may overtake it.
    bool in_order;
    /// Where a command can fail without any answer: a cheap one that changes nothing and takes its
    /// turn after all that was written before. Its answer proves that ExaBGP is done with them.
    /// Empty: every command is answered.
    std::string_view witness;
    /// The first line of the witness's answer. No other answer has it, but that to a summary of the
    /// peers, of which it is the first line too: see asks_for_summary().
    std::string_view witness_answer;
    /// One that takes its turn, too, changes nothing, and is answered with `done` alone.
    std::string_view spacer;
    /// Brings the state that all users of the relay share to a known value; the last line asks for
    /// the version. Empty: the probe alone does.
    std::span<const std::string_view> settling;
    /// What switches the acks on; empty: nothing on the wire does.
    std::string_view acks_on;
    Matching matching;
    /// What ExaBGP looks for with Matching::Anywhere, in its order.
    std::span<const std::string_view> commands;
    /// Verbs that change nothing: safe to repeat.
    std::span<const Verb> read_only;
    /// What command_in() finds in lines that are answered with exactly one terminator, and at most
    /// a line or two before it. Empty where answers are not in order.
    std::span<const std::string_view> brief;
    std::span<const Danger> dangers;
    /// Together they tell all about the peers; the first alone tells what changes by itself.
    std::span<const PeerQuestion> peer_questions;
    /// Tells the names of the peers that routes can be announced to.
    PeerQuestion names_question;
    /// They change only in a reload, which ends the connection; so one answer holds for all of it.
    bool names_hold;
    SelectorGrammar selectors;
};

[[nodiscard]] const DialectRules& rules_of(Dialect dialect);

/// The one question that separates all of them and harms none: a version that is no number.
[[nodiscard]] std::string probe_command(std::string_view token);

/// What `line` says as the answer to the probe with this token; nullopt for any other line. 6.0
/// echoes the token: as JSON in v6 (`{"error": "Invalid version: TOKEN"}`), as text in v4
/// (`error: invalid version: TOKEN`). 4.2 and 5.0 find the word `version` in it and answer that,
/// `exabgp 4.2.21`, to whoever asked.
[[nodiscard]] std::optional<Dialect> dialect_of_probe(std::string_view line,
                                                      std::string_view token);

}  // namespace exapulse
