// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/command_line.hpp"

#include <algorithm>
#include <array>

#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;
using Tokens = Words;

/// Whether `line` contains `command` as 4.2 and 5.0 search for it: at its very end after a space,
/// or anywhere with a space after it, even as the end of a longer word.
bool contains(string_view line, string_view command) {
    if (line == command) return true;
    if (line.size() > command.size() && line.ends_with(command) &&
        line[line.size() - command.size() - 1] == ' ')
        return true;
    for (auto at = line.find(command); at != string_view::npos; at = line.find(command, at + 1)) {
        const auto end = at + command.size();
        if (end < line.size() && line[end] == ' ') return true;
    }
    return false;
}

/// `tokens` without the first `count`.
Tokens without_first(Tokens tokens, std::size_t count) {
    return tokens.subspan(std::min(count, tokens.size()));
}

bool is_debug(string_view line, Tokens tokens) {
    return line.starts_with("debug ") && tokens.size() > 1;
}

// 6.0: the tree in reactor/api/dispatch/v6.py. Their handlers parse what follows these words.
constexpr std::array<Verb, 26> commands_60{"daemon reload",
                                           "daemon restart",
                                           "daemon shutdown",
                                           "daemon status",
                                           "group end",
                                           "group start",
                                           "peer create",
                                           "peer delete",
                                           "peer list",
                                           "peer show",
                                           "rib clear",
                                           "rib flush",
                                           "rib show",
                                           "session ack disable",
                                           "session ack enable",
                                           "session ack silence",
                                           "session bye",
                                           "session ping",
                                           "session reset",
                                           "session sync disable",
                                           "session sync enable",
                                           "system api version",
                                           "system crash",
                                           "system help",
                                           "system queue-status",
                                           "system version"};
constexpr std::array<Verb, 6> peer_commands_60{"peer … announce", "peer … group",
                                               "peer … routes",   "peer … show",
                                               "peer … teardown", "peer … withdraw"};
constexpr std::array<string_view, 5> selector_keys_60{"local-ip", "local-as", "peer-as",
                                                      "router-id", "family-allowed"};

/// extract_selector() in reactor/api/dispatch/common.py: the tokens after the selector at the start
/// of `tokens`.
Tokens after_selector_60(Tokens tokens) {
    if (tokens.front() == "*") return without_first(tokens, 1);
    if (tokens.front() != "[") {
        Tokens rest = without_first(tokens, 1);
        while (!rest.empty() && is_one_of(rest.front(), selector_keys_60))
            rest = without_first(rest, 2);
        return rest;
    }
    bool in_alternative = false;
    for (Tokens rest = without_first(tokens, 1); !rest.empty();) {
        if (rest.front() == "]") return without_first(rest, 1);
        const bool takes_value = in_alternative && is_one_of(rest.front(), selector_keys_60);
        in_alternative = rest.front() != ",";
        rest = without_first(rest, takes_value ? 2 : 1);
    }
    return {};
}

string_view command_of_peer_60(Tokens tokens) {
    const bool selects = tokens.size() > 1 && (tokens[1] == "*" || tokens[1] == "[" ||
                                               tokens[1].find_first_of(".:") != string_view::npos);
    if (!selects) return {};
    const Tokens rest = after_selector_60(without_first(tokens, 1));
    if (rest.empty()) return {};
    const auto found =
        std::find_if(peer_commands_60.begin(), peer_commands_60.end(),
                     [&](const Verb& command) { return command.words().back() == rest.front(); });
    return found == peer_commands_60.end() ? string_view() : found->text();
}

string_view command_of_v6(Tokens tokens) {
    if (tokens.empty()) return {};
    for (const Verb& command : commands_60)
        if (command.begins(tokens)) return command.text();
    return tokens.front() == "peer" ? command_of_peer_60(tokens) : string_view();
}

/// How v4 is translated to it: reactor/api/dispatch/v4.py.
struct Translation {
    Verb v4;
    string_view v6;
};
constexpr std::array translations_v4{
    Translation{"api version", "system api version"},
    Translation{"bye", "session bye"},
    Translation{"clear adj-rib in", "rib clear"},
    Translation{"clear adj-rib out", "rib clear"},
    Translation{"crash", "system crash"},
    Translation{"create neighbor", "peer create"},
    Translation{"delete neighbor", "peer delete"},
    Translation{"disable-ack", "session ack disable"},
    Translation{"disable-sync", "session sync disable"},
    Translation{"enable-ack", "session ack enable"},
    Translation{"enable-sync", "session sync enable"},
    Translation{"flush adj-rib out", "rib flush"},
    Translation{"help", "system help"},
    Translation{"ping", "session ping"},
    Translation{"queue-status", "system queue-status"},
    Translation{"reload", "daemon reload"},
    Translation{"reset", "session reset"},
    Translation{"restart", "daemon restart"},
    Translation{"show adj-rib in", "rib show"},
    Translation{"show adj-rib out", "rib show"},
    Translation{"show neighbor", "peer show"},
    Translation{"shutdown", "daemon shutdown"},
    Translation{"silence-ack", "session ack silence"},
    Translation{"status", "daemon status"},
    Translation{"version", "system version"},
    Translation{"teardown", "peer … teardown"},
    Translation{"announce", "peer … announce"},
    Translation{"withdraw", "peer … withdraw"},
};
constexpr std::array<string_view, 5> first_words_v6{"daemon", "session", "system", "rib", "peer"};
constexpr std::array<string_view, 11> announced_v4{
    "route",    "route-refresh", "ipv4",       "ipv6",        "flow", "eor",
    "watchdog", "attribute",     "attributes", "operational", "vpls"};
constexpr std::array<string_view, 8> withdrawn_v4{"route",    "ipv4",      "ipv6",       "flow",
                                                  "watchdog", "attribute", "attributes", "vpls"};

/// extract_neighbors() in 6.0's reactor/api/command/limit.py: the tokens after its selectors.
std::vector<string_view> after_neighbor_v4(Tokens tokens) {
    Tokens rest = without_first(tokens, 1);
    std::vector<string_view> found;
    if (!rest.empty() && rest.front().starts_with('[')) {
        const auto closing = std::find_if(rest.begin(), rest.end(),
                                          [](string_view word) { return word.starts_with(']'); });
        if (closing == rest.end()) return {rest.begin(), rest.end()};
        if (closing->size() > 1) found.push_back(closing->substr(1));
        found.insert(found.end(), closing + 1, rest.end());
        return found;
    }
    if (rest.size() > 1) rest = without_first(rest, 1);
    while (rest.size() > 1) {
        const bool another =
            rest.size() > 2 && rest[0] == "," && (rest[1] == "neighbor" || rest[1] == "peer");
        const bool key =
            is_one_of(rest[0], selector_keys_60) || rest[0] == "neighbor" || rest[0] == "peer";
        if (!another && !key) break;
        rest = without_first(rest, another ? 3 : 2);
    }
    return {rest.begin(), rest.end()};
}

string_view command_of_neighbor_v4(Tokens tokens) {
    const auto rest = after_neighbor_v4(tokens);
    if (rest.empty()) return {};
    if (rest[0] == "teardown") return "peer … teardown";
    if (rest.size() < 2) return {};
    if (rest[0] == "announce" && is_one_of(rest[1], announced_v4)) return "peer … announce";
    if (rest[0] == "withdraw" && is_one_of(rest[1], withdrawn_v4)) return "peer … withdraw";
    return {};
}

string_view command_of_v4(Tokens tokens) {
    if (is_one_of(tokens.front(), first_words_v6)) return command_of_v6(tokens);
    if (tokens.front() == "neighbor") return command_of_neighbor_v4(tokens);
    for (const Translation& translation : translations_v4)
        if (translation.v4.begins(tokens)) return translation.v6;
    return {};
}

}  // namespace

std::string normalised(Words line) {
    std::string normal;
    for (const string_view word : line) {
        if (!normal.empty()) normal += ' ';
        normal += word;
    }
    return normal;
}

string_view found_command(const DialectRules& rules, string_view line) {
    const auto found = std::find_if(rules.commands.begin(), rules.commands.end(),
                                    [&](string_view command) { return contains(line, command); });
    return found == rules.commands.end() ? string_view() : *found;
}

namespace {

string_view look_for_command(const DialectRules& rules, const Request& request) {
    const Words parts = request.words();
    if (parts.empty()) return {};
    if (rules.dialect != Dialect::Pipes42 && is_debug(request.text(), parts)) return "debug";
    if (rules.matching == Matching::Anywhere) return found_command(rules, normalised(parts));
    if (parts.front().starts_with('#')) return "#";
    return rules.dialect == Dialect::V4 ? command_of_v4(parts) : command_of_v6(parts);
}

}  // namespace

string_view command_in(const DialectRules& rules, const Request& request) {
    if (request.found_by_ != &rules) {
        request.found_ = look_for_command(rules, request);
        request.found_by_ = &rules;
    }
    return request.found_;
}

std::vector<string_view> verbs_of_exabgp() {
    std::vector<string_view> verbs;
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        const auto commands = rules_of(dialect).commands;
        verbs.insert(verbs.end(), commands.begin(), commands.end());
    }
    for (const Verb& verb : commands_60) verbs.push_back(verb.text());
    for (const Verb& verb : peer_commands_60) verbs.push_back(verb.text());
    for (const Translation& translation : translations_v4) verbs.push_back(translation.v4.text());
    return verbs;
}

std::vector<std::pair<string_view, string_view>> translations_to_v6() {
    std::vector<std::pair<string_view, string_view>> pairs;
    for (const Translation& translation : translations_v4)
        pairs.emplace_back(translation.v4.text(), translation.v6);
    return pairs;
}

Words command_words(const Request& request) {
    const Words words = request.words();
    const auto& selector = request.selector().selector;
    if (!selector) return words;
    const char* start = selector->command.data();
    const auto first = std::find_if(words.begin(), words.end(),
                                    [&](string_view word) { return word.data() >= start; });
    return words.subspan(static_cast<std::size_t>(first - words.begin()));
}

Tokens without_neighbor(Tokens tokens) {
    constexpr std::array<string_view, 6> keys{"neighbor", "local-ip",  "local-as",
                                              "peer-as",  "router-id", "family-allowed"};
    if (tokens.empty() || tokens.front() != "neighbor") return tokens;
    Tokens rest = without_first(tokens, 2);
    while (rest.size() > 1 && (rest.front() == "," || is_one_of(rest.front(), keys)))
        rest = without_first(rest, rest.front() == "," ? 1 : 2);
    return rest;
}

bool asks_for_summary(const DialectRules& rules, const Request& request) {
    const Words parts = request.words();
    return std::find(parts.begin(), parts.end(), "summary") != parts.end() &&
           found_command(rules, normalised(parts)) == "show neighbor";
}

bool takes_turn(const DialectRules& rules, const Request& request) {
    const Words parts = request.words();
    const string_view command = found_command(rules, normalised(parts));
    if (command == "show neighbor") {
        // Without any of them it only lists what exists.
        constexpr std::array<string_view, 4> kinds{"summary", "extensive", "configuration", "json"};
        return std::find_first_of(parts.begin(), parts.end(), kinds.begin(), kinds.end()) !=
               parts.end();
    }
    return command.starts_with("announce ") || command.starts_with("withdraw ") ||
           command.starts_with("show ");
}

}  // namespace exapulse
