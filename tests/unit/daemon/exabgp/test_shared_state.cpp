// SPDX-License-Identifier: BSD-3-Clause
// Shared state: which verbs go to ExaBGP and which do not, however they are spelled.
#include <string>

#include <doctest/doctest.h>

#include "daemon/exabgp/request.hpp"

using namespace exapulse;

TEST_CASE("every line finds its rule") {
    struct Row {
        const char* line;
        Treatment treatment;
        Permission permission = Permission::Anyone;
    };
    for (const Row& row : {
             Row{"peer * announce route 10.0.0.0/24 next-hop 1.2.3.4", Treatment::Forward},
             Row{"", Treatment::Forward},
             Row{"# a comment", Treatment::Done},
             Row{" #reload", Treatment::Done},
             Row{"a # comment", Treatment::Forward},
             Row{"system version", Treatment::Forward},
             Row{"system api", Treatment::Forward},
             Row{"session", Treatment::Forward},
             Row{"group", Treatment::Forward},
             Row{"pingpong", Treatment::Forward},
             Row{"sidecars", Treatment::Forward},
             Row{"session ping a-b-c 1.5", Treatment::Pong},
             Row{" \t session \t ping", Treatment::Pong},
             Row{"ping text", Treatment::Pong},
             Row{"session bye", Treatment::Done},
             Row{"bye", Treatment::Done},
             Row{"session ack enable", Treatment::Session},
             Row{"enable-ack", Treatment::Session},
             Row{"session sync disable", Treatment::Session},
             Row{"session ack disable", Treatment::Session},
             Row{"session  ack   silence now", Treatment::Session},
             Row{"silence-ack", Treatment::Session},
             Row{"disable-ack", Treatment::Session},
             Row{"session sync enable", Treatment::Session},
             Row{"enable-sync", Treatment::Session},
             Row{"session reset", Treatment::Session},
             Row{"reset", Treatment::Session},
             Row{"group start", Treatment::Session},
             Row{"group end", Treatment::Session},
             Row{"system api version 4", Treatment::Refuse},
             Row{"system api version", Treatment::Refuse},
             Row{"api version 6", Treatment::Refuse},
             Row{"session\x1f"
                 "ack\x1c"
                 "disable",
                 Treatment::Session},
             Row{"\x1d"
                 "daemon\x1e"
                 "shutdown",
                 Treatment::Forward, Permission::Admin},
             Row{"peer * group announce route 10.0.0.0/24 ; withdraw", Treatment::Forward},
             Row{"peer * routes list", Treatment::ForwardIrregular},
             Row{"peer 10.0.0.1 local-as 65000 routes add", Treatment::ForwardIrregular},
             Row{"peer routes", Treatment::Forward},
             Row{"debug anything", Treatment::ForwardIrregular},
             Row{"system crash", Treatment::ForwardIrregular, Permission::Admin},
             Row{"daemon restart", Treatment::Forward, Permission::Admin},
             Row{"shutdown", Treatment::Forward, Permission::Admin},
             Row{"daemon status", Treatment::Forward},
             Row{"sidecar", Treatment::Sidecar},
             Row{"sidecar stats", Treatment::Sidecar},
             Row{"sidecar status", Treatment::Sidecar},
             Row{"sidecar subscribe failed", Treatment::Sidecar},
         }) {
        CAPTURE(std::string(row.line));
        CHECK(Request(row.line).rule().treatment == row.treatment);
        CHECK(Request(row.line).rule().permission == row.permission);
    }
}

TEST_CASE("both spellings of a session verb are handled alike") {
    for (const auto& [v4, v6] : {std::pair{"enable-ack", "session ack enable"},
                                 {"disable-ack", "session ack disable"},
                                 {"silence-ack", "session ack silence"},
                                 {"enable-sync", "session sync enable"},
                                 {"disable-sync", "session sync disable"},
                                 {"reset", "session reset"}})
        CHECK(Request(v4).rule().treatment == Request(v6).rule().treatment);
}

TEST_CASE("every refusal has a reason") {
    for (const CommandRule& rule : command_rules) {
        CAPTURE(rule.verb.text());
        CHECK(rule.text.empty() == (rule.treatment != Treatment::Refuse));
    }
}
