// SPDX-License-Identifier: BSD-3-Clause
// Shared state: which verbs go to ExaBGP and which do not, however they are spelled.
#include <string>

#include <doctest/doctest.h>

#include "common/words.hpp"
#include "daemon/exabgp/command_line.hpp"
#include "daemon/exabgp/request.hpp"

using namespace exapulse;

TEST_CASE("every line finds its rule") {
    struct Row {
        const char* line;
        Treatment treatment;
        Role role = Role::Operate;
    };
    for (const Row& row : {
             Row{"peer * announce route 10.0.0.0/24 next-hop 1.2.3.4", Treatment::Forward},
             Row{"", Treatment::Forward},
             Row{"# a comment", Treatment::Done, Role::None},
             Row{" #reload", Treatment::Done, Role::None},
             Row{"a # comment", Treatment::Forward},
             Row{"system version", Treatment::Forward, Role::Observe},
             Row{"system api", Treatment::Forward},
             Row{"session", Treatment::Forward},
             Row{"group", Treatment::Forward},
             Row{"pingpong", Treatment::Forward},
             Row{"sidecars", Treatment::Forward},
             Row{"session ping a-b-c 1.5", Treatment::Pong, Role::Observe},
             Row{" \t session \t ping", Treatment::Pong, Role::Observe},
             Row{"ping text", Treatment::Pong, Role::Observe},
             Row{"session bye", Treatment::Done, Role::None},
             Row{"bye", Treatment::Done, Role::None},
             Row{"session ack enable", Treatment::Session, Role::Observe},
             Row{"enable-ack", Treatment::Session, Role::Observe},
             Row{"session sync disable", Treatment::Session, Role::Observe},
             Row{"session ack disable", Treatment::Session, Role::Observe},
             Row{"session  ack   silence now", Treatment::Session, Role::Observe},
             Row{"silence-ack", Treatment::Session, Role::Observe},
             Row{"disable-ack", Treatment::Session, Role::Observe},
             Row{"session sync enable", Treatment::Session, Role::Observe},
             Row{"enable-sync", Treatment::Session, Role::Observe},
             Row{"session reset", Treatment::Session, Role::Observe},
             Row{"reset", Treatment::Session, Role::Observe},
             Row{"group start", Treatment::Session},
             Row{"group end", Treatment::Session},
             Row{"system api version 4", Treatment::Refuse, Role::Observe},
             Row{"system api version", Treatment::Refuse, Role::Observe},
             Row{"api version 6", Treatment::Refuse, Role::Observe},
             Row{"session\x1f"
                 "ack\x1c"
                 "disable",
                 Treatment::Session, Role::Observe},
             Row{"\x1d"
                 "daemon\x1e"
                 "shutdown",
                 Treatment::Forward, Role::Admin},
             Row{"peer * group announce route 10.0.0.0/24 ; withdraw", Treatment::Forward},
             Row{"peer * routes list", Treatment::ForwardIrregular},
             Row{"peer 10.0.0.1 local-as 65000 routes add", Treatment::ForwardIrregular},
             Row{"peer routes", Treatment::Forward},
             Row{"peer [ 10.0.0.1 , 10.0.0.2 ] show summary", Treatment::Forward, Role::Observe},
             Row{"peer 10.0.0.1 peer-as 65001 show", Treatment::Forward, Role::Observe},
             Row{"peer * announce route 10.0.0.0/24 name show", Treatment::Forward},
             Row{"peer [ show , 10.0.0.1 ] announce route 10.0.0.0/24", Treatment::Forward},
             Row{"peer * announce route 10.0.0.0/24 name routes", Treatment::Forward},
             Row{"neighbor 10.0.0.1 show", Treatment::Forward},
             Row{"peer show summary", Treatment::Forward, Role::Observe},
             Row{"peer list", Treatment::Forward, Role::Observe},
             Row{"peer delete 10.0.0.1", Treatment::Forward},
             Row{"show neighbor summary", Treatment::Forward, Role::Observe},
             Row{"rib show out", Treatment::Forward, Role::Observe},
             Row{"rib flush out", Treatment::Forward},
             Row{"clear adj-rib in", Treatment::Forward},
             Row{"version", Treatment::Forward, Role::Observe},
             Row{"debug anything", Treatment::ForwardIrregular},
             Row{"system crash", Treatment::ForwardIrregular, Role::Admin},
             Row{"daemon restart", Treatment::Forward, Role::Admin},
             Row{"shutdown", Treatment::Forward, Role::Admin},
             Row{"daemon status", Treatment::Forward, Role::Observe},
             Row{"sidecar", Treatment::Sidecar, Role::None},
             Row{"sidecar stats", Treatment::Sidecar, Role::None},
             Row{"sidecar status", Treatment::Sidecar, Role::None},
             Row{"sidecar subscribe failed", Treatment::Sidecar, Role::None},
         }) {
        CAPTURE(std::string(row.line));
        CHECK(Request(row.line).rule().treatment == row.treatment);
        CHECK(Request(row.line).rule().role == row.role);
    }
}

TEST_CASE("every verb of every ExaBGP has a row, and with it a role") {
    for (const std::string_view verb : verbs_of_exabgp()) {
        CAPTURE(std::string(verb));
        CHECK_FALSE(rule_for(words(verb)).verb.text().empty());
    }
    CHECK(verbs_of_exabgp().size() > 90);
}

TEST_CASE("every spelling of a verb needs the same role") {
    // 6.0 with the v4 API reads the left one as the right one.
    for (const auto& translation : translations_to_v6()) {
        CAPTURE(std::string(translation.first));
        CHECK(rule_for(words(translation.first)).role == rule_of(translation.second).role);
    }
}

TEST_CASE("what only reads needs no more than the role observe, and all else needs more") {
    for (const Dialect dialect : all_dialects)
        for (const Verb& verb : rules_of(dialect).read_only) {
            CAPTURE(std::string(verb.text()));
            CHECK(rule_for(verb.words()).role == Role::Observe);
        }
    for (const CommandRule& rule : command_rules) {
        CAPTURE(std::string(rule.verb.text()));
        if (!forwards(rule) || rule.role != Role::Observe) continue;
        const bool reads = begins_with_any(rule.verb.words(), rules_of(Dialect::V6).read_only);
        CHECK((reads || rule.verb.text().ends_with("status")));
    }
}

TEST_CASE("both spellings of a session verb are handled alike") {
    for (const auto& [older, newer] : {std::pair{"enable-ack", "session ack enable"},
                                       {"disable-ack", "session ack disable"},
                                       {"silence-ack", "session ack silence"},
                                       {"enable-sync", "session sync enable"},
                                       {"disable-sync", "session sync disable"},
                                       {"reset", "session reset"}})
        CHECK(Request(older).rule().treatment == Request(newer).rule().treatment);
}

TEST_CASE("every refusal has a reason") {
    for (const CommandRule& rule : command_rules) {
        CAPTURE(rule.verb.text());
        CHECK(rule.text.empty() == (rule.treatment != Treatment::Refuse));
    }
}
