// SPDX-License-Identifier: BSD-3-Clause
// The table of verbs: which role each needs, and how those that change what all users of a
// channel to ExaBGP share are handled. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/protocol.hpp"
#include "daemon/exabgp/verb.hpp"

namespace exapulse {

enum class Treatment {
    Forward,           ///< sent to ExaBGP unchanged
    ForwardIrregular,  ///< sent to ExaBGP, which ends the answer with no terminator or with two
    Pong,              ///< answered from the health state
    Done,              ///< answered `done`: it requests what is always so
    Session,           ///< changes state of this client only: see clients/session_verbs
    Refuse,            ///< answered `denied`, with the reason
    Sidecar,           ///< exapulsed's own verb
};

struct CommandRule {
    Verb verb;
    Role role;  ///< the least that may use it
    Treatment treatment;
    /// The reason, for Refuse.
    std::string_view text;
};

inline constexpr std::string_view dialect_is_shared =
    "it switches the dialect for all clients; set exabgp_api_version where ExaBGP is started";

/// Sorted by verb. The wire facts behind each row are in exapulse-protocol(7), TREATED VERBS.
inline constexpr std::array command_rules{
    // A line that begins with `#`. 4.2 and 5.0 would execute a command named in it.
    CommandRule{"#", Role::None, Treatment::Done, ""},
    CommandRule{"announce", Role::Operate, Treatment::Forward, ""},
    CommandRule{"api version", Role::Observe, Treatment::Refuse, dialect_is_shared},
    CommandRule{"bye", Role::None, Treatment::Done, ""},
    CommandRule{"clear adj-rib", Role::Operate, Treatment::Forward, ""},
    CommandRule{"crash", Role::Admin, Treatment::ForwardIrregular, ""},
    CommandRule{"create neighbor", Role::Operate, Treatment::Forward, ""},
    CommandRule{"daemon reload", Role::Admin, Treatment::Forward, ""},
    CommandRule{"daemon restart", Role::Admin, Treatment::Forward, ""},
    CommandRule{"daemon shutdown", Role::Admin, Treatment::Forward, ""},
    CommandRule{"daemon status", Role::Observe, Treatment::Forward, ""},
    CommandRule{"debug", Role::Operate, Treatment::ForwardIrregular, ""},
    CommandRule{"delete neighbor", Role::Operate, Treatment::Forward, ""},
    CommandRule{"disable-ack", Role::Observe, Treatment::Session, ""},
    CommandRule{"disable-sync", Role::Observe, Treatment::Session, ""},
    CommandRule{"enable-ack", Role::Observe, Treatment::Session, ""},
    CommandRule{"enable-sync", Role::Observe, Treatment::Session, ""},
    CommandRule{"flush adj-rib out", Role::Operate, Treatment::Forward, ""},
    CommandRule{"group end", Role::Operate, Treatment::Session, ""},
    CommandRule{"group start", Role::Operate, Treatment::Session, ""},
    CommandRule{"help", Role::Observe, Treatment::Forward, ""},
    CommandRule{"peer create", Role::Operate, Treatment::Forward, ""},
    CommandRule{"peer delete", Role::Operate, Treatment::Forward, ""},
    CommandRule{"peer list", Role::Observe, Treatment::Forward, ""},
    CommandRule{"peer show", Role::Observe, Treatment::Forward, ""},
    CommandRule{"peer … announce", Role::Operate, Treatment::Forward, ""},
    CommandRule{"peer … group", Role::Operate, Treatment::Forward, ""},
    CommandRule{"peer … routes", Role::Operate, Treatment::ForwardIrregular, ""},
    CommandRule{"peer … show", Role::Observe, Treatment::Forward, ""},
    CommandRule{"peer … teardown", Role::Operate, Treatment::Forward, ""},
    CommandRule{"peer … withdraw", Role::Operate, Treatment::Forward, ""},
    CommandRule{"ping", Role::Observe, Treatment::Pong, ""},
    CommandRule{"queue-status", Role::Observe, Treatment::Forward, ""},
    CommandRule{"reload", Role::Admin, Treatment::Forward, ""},
    CommandRule{"reset", Role::Observe, Treatment::Session, ""},
    CommandRule{"restart", Role::Admin, Treatment::Forward, ""},
    CommandRule{"rib clear", Role::Operate, Treatment::Forward, ""},
    CommandRule{"rib flush", Role::Operate, Treatment::Forward, ""},
    CommandRule{"rib show", Role::Observe, Treatment::Forward, ""},
    CommandRule{"session ack disable", Role::Observe, Treatment::Session, ""},
    CommandRule{"session ack enable", Role::Observe, Treatment::Session, ""},
    CommandRule{"session ack silence", Role::Observe, Treatment::Session, ""},
    CommandRule{"session bye", Role::None, Treatment::Done, ""},
    CommandRule{"session ping", Role::Observe, Treatment::Pong, ""},
    CommandRule{"session reset", Role::Observe, Treatment::Session, ""},
    CommandRule{"session sync disable", Role::Observe, Treatment::Session, ""},
    CommandRule{"session sync enable", Role::Observe, Treatment::Session, ""},
    CommandRule{"show", Role::Observe, Treatment::Forward, ""},
    CommandRule{"shutdown", Role::Admin, Treatment::Forward, ""},
    CommandRule{"sidecar", Role::None, Treatment::Sidecar, ""},
    CommandRule{"silence-ack", Role::Observe, Treatment::Session, ""},
    CommandRule{"status", Role::Observe, Treatment::Forward, ""},
    CommandRule{"system api version", Role::Observe, Treatment::Refuse, dialect_is_shared},
    CommandRule{"system crash", Role::Admin, Treatment::ForwardIrregular, ""},
    CommandRule{"system help", Role::Observe, Treatment::Forward, ""},
    CommandRule{"system queue-status", Role::Observe, Treatment::Forward, ""},
    CommandRule{"system version", Role::Observe, Treatment::Forward, ""},
    CommandRule{"teardown", Role::Operate, Treatment::Forward, ""},
    CommandRule{"version", Role::Observe, Treatment::Forward, ""},
    CommandRule{"withdraw", Role::Operate, Treatment::Forward, ""},
};

[[nodiscard]] constexpr bool sorted_and_unique() {
    for (std::size_t i = 1; i < command_rules.size(); ++i)
        if (!(command_rules[i - 1].verb.text() < command_rules[i].verb.text())) return false;
    return true;
}
static_assert(sorted_and_unique());

/// Whether such a line is written to ExaBGP.
[[nodiscard]] constexpr bool forwards(const CommandRule& rule) {
    return rule.treatment == Treatment::Forward || rule.treatment == Treatment::ForwardIrregular;
}

/// The rule for the words of a line: that of the longest verb that they begin with; by default, to
/// forward it for those who may operate. What `peer SELECTOR` is followed by decides, not a later
/// word.
[[nodiscard]] const CommandRule& rule_for(Words line);

/// The rule of exactly this verb, `…` for a selector; by default, as rule_for().
[[nodiscard]] const CommandRule& rule_of(std::string_view verb);

class Request;

/// Why some ExaBGP would read the line differently from a human, `daemon shutdown,` for example;
/// empty if the words between its spaces have the same rule. Does not depend on the connected
/// ExaBGP.
[[nodiscard]] std::string misspelling(const Request& request);

}  // namespace exapulse
