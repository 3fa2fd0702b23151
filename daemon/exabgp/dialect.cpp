// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/dialect.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/format.h>

#include "daemon/exabgp/upstream_reply.hpp"

namespace exapulse {

namespace {

using std::string_view;

// All users of 6.0's relay share acks, sync and an open group. The v6 spellings also work in v4;
// `group end` answers `error` if none is open.
constexpr std::array<string_view, 4> settling_60{"session ack enable", "session sync disable",
                                                 "group end", "system version"};

constexpr std::array<Verb, 10> read_only_60{
    "daemon status", "help", "peer … show", "peer list",      "peer show",
    "rib show",      "show", "system help", "system version", "version"};
constexpr std::array<string_view, 3> brief_60{"peer … announce", "peer … group", "peer … withdraw"};
constexpr std::array<Verb, 3> read_only_pipes{"help", "show", "version"};

// The answer is the same for every 4.2 and 5.0, whatever its peers: none has that address.
constexpr string_view witness_pipes = "show neighbor none summary";
constexpr string_view witness_answer_pipes =
    "Peer            AS        up/down state       |     #sent     #recvd";
constexpr string_view spacer_pipes = "show adj-rib out none";

// The commands registered in reactor/api/command/ of 4.2.21 and of 5.0.13, tried in reverse
// alphabetical order.
constexpr std::array<string_view, 28> commands_42{"withdraw watchdog",
                                                  "withdraw vpls",
                                                  "withdraw route",
                                                  "withdraw flow",
                                                  "withdraw attributes",
                                                  "version",
                                                  "teardown",
                                                  "shutdown",
                                                  "show neighbor",
                                                  "show adj-rib out",
                                                  "show adj-rib in",
                                                  "restart",
                                                  "reset",
                                                  "reload",
                                                  "help",
                                                  "flush adj-rib out",
                                                  "crash",
                                                  "clear adj-rib",
                                                  "announce watchdog",
                                                  "announce vpls",
                                                  "announce route-refresh",
                                                  "announce route",
                                                  "announce operational",
                                                  "announce flow",
                                                  "announce eor",
                                                  "announce attributes",
                                                  "announce attribute",
                                                  "#"};
constexpr std::array<string_view, 36> commands_50{"withdraw watchdog",
                                                  "withdraw vpls",
                                                  "withdraw route",
                                                  "withdraw ipv6",
                                                  "withdraw ipv4",
                                                  "withdraw flow",
                                                  "withdraw attributes",
                                                  "withdraw attribute",
                                                  "version",
                                                  "teardown",
                                                  "silence-ack",
                                                  "shutdown",
                                                  "show neighbor",
                                                  "show adj-rib out",
                                                  "show adj-rib in",
                                                  "restart",
                                                  "reset",
                                                  "reload",
                                                  "help",
                                                  "flush adj-rib out",
                                                  "enable-ack",
                                                  "disable-ack",
                                                  "crash",
                                                  "clear adj-rib",
                                                  "announce watchdog",
                                                  "announce vpls",
                                                  "announce route-refresh",
                                                  "announce route",
                                                  "announce operational",
                                                  "announce ipv6",
                                                  "announce ipv4",
                                                  "announce flow",
                                                  "announce eor",
                                                  "announce attributes",
                                                  "announce attribute",
                                                  "#"};

bool has_word(Words line, string_view word) {
    return std::find(line.begin(), line.end(), word) != line.end();
}

constexpr std::array unsafe_42{
    UnsafeCommand{
        "flush",
        [](Words, string_view command) {
            return command == "flush adj-rib out" || command == "clear adj-rib";
        },
        "ExaBGP 4.2 exits if no peer matches at that moment, and for a flush only established "
        "peers match"},
};
constexpr std::array unsafe_50{
    UnsafeCommand{"json",
                  [](Words line, string_view command) {
                      return !command.empty() && !command.starts_with("show ") &&
                             has_word(line, "json");
                  },
                  "ExaBGP 5.0 exits on the word json in any command except show"},
};

constexpr PeerQuestion asks_configuration{"show neighbor configuration", PeerAnswer::Configuration,
                                          IfAbsent::Removed, PeerDetail::Full};
constexpr PeerQuestion asks_status_v4{"daemon status json", PeerAnswer::Status, IfAbsent::Removed,
                                      PeerDetail::Existence};
constexpr PeerQuestion asks_status_v6{"daemon status", PeerAnswer::Status, IfAbsent::Removed,
                                      PeerDetail::Existence};
constexpr std::array peers_42{PeerQuestion{"show neighbor summary", PeerAnswer::Summary,
                                           IfAbsent::Down, PeerDetail::Existence},
                              asks_configuration};
constexpr std::array peers_50{PeerQuestion{"show neighbor summary", PeerAnswer::Summary,
                                           IfAbsent::Removed, PeerDetail::Existence}};
constexpr std::array peers_v4{
    asks_status_v4, PeerQuestion{"show neighbor summary", PeerAnswer::Summary, IfAbsent::Unknown,
                                 PeerDetail::Sessions}};
constexpr std::array peers_v6{
    asks_status_v6,
    PeerQuestion{"peer show summary", PeerAnswer::Detail, IfAbsent::Unknown, PeerDetail::Sessions}};

bool echoes(string_view line, string_view token) {
    return line.find(token) != string_view::npos;
}

/// 4.2 and 5.0 find the word `version` in the probe. 6.0 gives this answer only to v4's `version`.
template <char major>
bool is_version(string_view line, string_view) {
    const std::string version = version_in(line);
    return version.size() > 1 && version[0] == major && version[1] == '.';
}

const std::array<DialectRules, 4> rows{{
    {.dialect = Dialect::Pipes42,
     .answers_probe = is_version<'4'>,
     .sign = InstanceSign::Process,
     .ping = "version",
     .in_order = false,
     .witness = witness_pipes,
     .witness_answer = witness_answer_pipes,
     .spacer = spacer_pipes,
     .settling = {},
     .acks_on = "",
     .matching = Matching::Anywhere,
     .commands = commands_42,
     .read_only = read_only_pipes,
     .brief = {},
     .unsafe = unsafe_42,
     .peer_questions = peers_42,
     .names_question = asks_configuration,
     .names_hold = true,
     .selectors = SelectorGrammar::Neighbor},
    {.dialect = Dialect::Pipes50,
     .answers_probe = is_version<'5'>,
     .sign = InstanceSign::Process,
     .ping = "version",
     .in_order = false,
     .witness = witness_pipes,
     .witness_answer = witness_answer_pipes,
     .spacer = spacer_pipes,
     .settling = {},
     .acks_on = "enable-ack",
     .matching = Matching::Anywhere,
     .commands = commands_50,
     .read_only = read_only_pipes,
     .brief = {},
     .unsafe = unsafe_50,
     .peer_questions = peers_50,
     .names_question = asks_configuration,
     .names_hold = true,
     .selectors = SelectorGrammar::Neighbor},
    {.dialect = Dialect::V4,
     .answers_probe =
         [](string_view line, string_view token) {
             return echoes(line, token) && !line.starts_with('{');
         },
     .sign = InstanceSign::Uuid,
     .ping = "ping",
     .in_order = true,
     .witness = {},
     .witness_answer = {},
     .spacer = {},
     .settling = settling_60,
     .acks_on = "session ack enable",
     .matching = Matching::FirstWords,
     .commands = {},
     .read_only = read_only_60,
     .brief = brief_60,
     .unsafe = {},
     .peer_questions = peers_v4,
     .names_question = asks_status_v4,
     .names_hold = false,
     .selectors = SelectorGrammar::Either},
    {.dialect = Dialect::V6,
     .answers_probe =
         [](string_view line, string_view token) {
             return echoes(line, token) && line.starts_with('{');
         },
     .sign = InstanceSign::Uuid,
     .ping = "session ping {}",
     .in_order = true,
     .witness = {},
     .witness_answer = {},
     .spacer = {},
     .settling = settling_60,
     .acks_on = "session ack enable",
     .matching = Matching::FirstWords,
     .commands = {},
     .read_only = read_only_60,
     .brief = brief_60,
     .unsafe = {},
     .peer_questions = peers_v6,
     .names_question = asks_status_v6,
     .names_hold = false,
     .selectors = SelectorGrammar::Peer},
}};

}  // namespace

const DialectRules& rules_of(Dialect dialect) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const DialectRules& candidate) {
        return candidate.dialect == dialect;
    });
    assert(row != rows.end());
    return *row;
}

std::string probe_command(string_view token) {
    return fmt::format("system api version {}", token);
}

std::optional<Dialect> dialect_of_probe(string_view line, string_view token) {
    const auto answered = [&](const DialectRules& row) { return row.answers_probe(line, token); };
    const auto row = std::find_if(rows.begin(), rows.end(), answered);
    if (row == rows.end()) return std::nullopt;
    return row->dialect;
}

}  // namespace exapulse
