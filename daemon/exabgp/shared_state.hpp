// SPDX-License-Identifier: BSD-3-Clause
// Shared state: the verbs that change what all users of a channel to ExaBGP share, and how each is
// handled. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "daemon/exabgp/verb.hpp"

namespace exapulse {

/// Who may use a verb. Anyone is every client that the socket's file mode allows to connect.
enum class Permission {
    Anyone,
    Admin,  ///< root, the user exapulsed runs as, and socket.admins
};

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
    Permission permission;
    Treatment treatment;
    /// The reason, for Refuse.
    std::string_view text;
};

inline constexpr std::string_view dialect_is_shared =
    "it switches the dialect for all clients; set exabgp_api_version where ExaBGP is started";

/// Sorted by verb. The wire facts behind each row are in exapulse-protocol(7), TREATED VERBS.
inline constexpr std::array command_rules{
    // A line that begins with `#`. 4.2 and 5.0 would execute a command named in it.
    CommandRule{"#", Permission::Anyone, Treatment::Done, ""},
    CommandRule{"api version", Permission::Anyone, Treatment::Refuse, dialect_is_shared},
    CommandRule{"bye", Permission::Anyone, Treatment::Done, ""},
    CommandRule{"crash", Permission::Admin, Treatment::ForwardIrregular, ""},
    CommandRule{"daemon reload", Permission::Admin, Treatment::Forward, ""},
    CommandRule{"daemon restart", Permission::Admin, Treatment::Forward, ""},
    CommandRule{"daemon shutdown", Permission::Admin, Treatment::Forward, ""},
    CommandRule{"debug", Permission::Anyone, Treatment::ForwardIrregular, ""},
    CommandRule{"disable-ack", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"disable-sync", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"enable-ack", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"enable-sync", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"group end", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"group start", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"peer … routes", Permission::Anyone, Treatment::ForwardIrregular, ""},
    CommandRule{"ping", Permission::Anyone, Treatment::Pong, ""},
    CommandRule{"reload", Permission::Admin, Treatment::Forward, ""},
    CommandRule{"reset", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"restart", Permission::Admin, Treatment::Forward, ""},
    CommandRule{"session ack disable", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"session ack enable", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"session ack silence", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"session bye", Permission::Anyone, Treatment::Done, ""},
    CommandRule{"session ping", Permission::Anyone, Treatment::Pong, ""},
    CommandRule{"session reset", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"session sync disable", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"session sync enable", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"shutdown", Permission::Admin, Treatment::Forward, ""},
    CommandRule{"sidecar", Permission::Anyone, Treatment::Sidecar, ""},
    CommandRule{"silence-ack", Permission::Anyone, Treatment::Session, ""},
    CommandRule{"system api version", Permission::Anyone, Treatment::Refuse, dialect_is_shared},
    CommandRule{"system crash", Permission::Admin, Treatment::ForwardIrregular, ""},
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
/// forward it for anyone.
[[nodiscard]] const CommandRule& rule_for(Words line);

/// The rule of exactly this verb, `…` for a selector; by default, to forward it for anyone.
[[nodiscard]] const CommandRule& rule_of(std::string_view verb);

class Request;

/// Why some ExaBGP would read the line differently from a human, `daemon shutdown,` for example;
/// empty if the words between its spaces have the same rule. Does not depend on the connected
/// ExaBGP.
[[nodiscard]] std::string misspelling(const Request& request);

}  // namespace exapulse
