// SPDX-License-Identifier: BSD-3-Clause
// AccessPolicy: which role whom, and what the rules that name a caller allow.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/access/policy.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse;
using exapulse::test::has;

namespace {

using Kind = Principal::Kind;

constexpr uid_t alice = 1000;
constexpr gid_t staff = 50, team_a = 60, socket_group = 70;

Principal user(id_t id) {
    return {Kind::User, id, std::to_string(id)};
}
Principal group(id_t id) {
    return {Kind::Group, id, "@" + std::to_string(id)};
}
const Principal the_socket{Kind::SocketGroup, 0, "@socket"};
const Principal everyone{Kind::Everyone, 0, "*"};

AccessRule rule_with(std::vector<std::string> prefixes, std::vector<std::string> peers,
                     std::vector<std::string> allow = {}, std::vector<std::string> deny = {}) {
    AccessRule rule{"team-a", {group(team_a)}, Role::Operate};
    for (const std::string& text : prefixes) rule.prefixes.push_back(*IpPrefix::parse(text));
    rule.prefix_texts = std::move(prefixes);
    rule.peers = std::move(peers);
    for (const std::string& text : allow) rule.allow.emplace_back(text);
    for (const std::string& text : deny) rule.deny.emplace_back(text);
    return rule;
}

Grant granted_by(const AccessRule& rule) {
    return {rule.role, "", {std::make_shared<AccessRule>(rule)}};
}

std::string denied(const Grant& grant, const std::string& line) {
    const Request request(line);
    return denial(grant, request.rule().role, "x", request);
}

}  // namespace

TEST_CASE("a caller has the role of the first list that names them, and rules limit it") {
    AccessPolicy::Lists lists;
    lists.admin = {user(0), user(1)};
    lists.operate = {the_socket};
    lists.observe = {group(staff)};
    lists.rules = {std::make_shared<AccessRule>(rule_with({"203.0.113.0/24"}, {}))};
    const AccessPolicy policy(lists, socket_group);
    struct Row {
        Caller caller;
        Role role;
        bool limited = false;
        const char* source = "";
    };
    for (const Row& row : std::vector<Row>{
             {{0, 0}, Role::Admin, false, "access.admin: 0"},
             {{1, team_a}, Role::Admin, false, "access.admin: 1"},
             {{alice, socket_group}, Role::Operate, false, "access.operate: @socket"},
             {{alice, 1000, {4, socket_group}}, Role::Operate, false, "access.operate: @socket"},
             {{alice, 1000, {staff}}, Role::Observe, false, "access.observe: @50"},
             {{alice, 1000, {staff, socket_group}},
              Role::Operate,
              false,
              "access.operate: @socket"},
             {{alice, 1000, {team_a, socket_group}}, Role::Operate, true, "access.rule: team-a"},
             {{alice, team_a}, Role::Operate, true, "access.rule: team-a"},
             {{alice, 1000, {4, 5}}, Role::None},
         }) {
        const Grant grant = policy.grant_of(row.caller);
        CAPTURE(row.caller.uid);
        CAPTURE(std::string(row.source));
        CHECK(grant.role == row.role);
        CHECK(grant.limited() == row.limited);
        CHECK(grant.source == row.source);
        CHECK(grant.admin() == (row.role == Role::Admin));
    }
    lists.observe = {everyone};
    CHECK(AccessPolicy(lists, socket_group).grant_of({alice, 1000}).role == Role::Observe);
    CHECK(AccessPolicy().grant_of({0, 0}).role == Role::None);
}

TEST_CASE("a denial names the role that is missing") {
    const Grant observer{Role::Observe, "access.observe: alice"};
    CHECK(denied(observer, "show neighbor summary").empty());
    const std::string why = denied(observer, "announce route 192.0.2.0/24 next-hop self");
    CHECK(has(why, "needs the role operate, you have observe"));
    CHECK(has(why, "access.operate"));
    CHECK(has(denied({}, "version"), "needs the role observe, you have none"));
    CHECK(denied({}, "bye").empty());
    CHECK(denied({Role::Admin, ""}, "daemon shutdown").empty());
}

TEST_CASE("a team announces inside its prefixes only") {
    const Grant grant = granted_by(rule_with({"203.0.113.0/24", "2001:db8::/32"}, {}));
    for (const char* line :
         {"announce route 203.0.113.0/24 next-hop self", "announce route 203.0.113.7 next-hop self",
          "withdraw route 203.0.113.128/25", "announce route 203.0.113.0/25 next-hop 192.0.2.1;",
          "peer * announce route 203.0.113.0/24 next-hop self med 10 local-preference 200",
          "neighbor 192.0.2.1, neighbor 192.0.2.2 withdraw route 203.0.113.0/24",
          "peer [192.0.2.1, 192.0.2.2] announce ipv4 unicast 203.0.113.0/24 next-hop self",
          "announce route 2001:db8:1::/48 next-hop self community [65000:1 65000:2]",
          "announce route 203.0.113.0/24 next-hop self as-path [ 65000, 65001 ] origin igp",
          "announce route 203.0.113.0/24 next-hop self aggregator ( 65000:192.0.2.1 )",
          "show neighbor summary", "peer * show summary", "version"})
        CHECK_MESSAGE(denied(grant, line).empty(), std::string(line));
    for (const char* line :
         {"announce route 203.0.112.0/23 next-hop self",
          "announce route 0.0.0.0/0 next-hop self",
          "withdraw route 198.51.100.0/24",
          "announce route 2001:db9::/32 next-hop self",
          "announce route 203.0.113.0/2_4 next-hop self",
          "announce route ::/0 next-hop self",
          "announce route 203.0.113.0/24 next-hop self; route 198.51.100.0/24 next-hop self",
          "announce route 203.0.113.0/24 next-hop self route 198.51.100.0/24",
          "announce route 203.0.113.0/24 next-hop self attribute [ 0x0e 0x80 0x00 ]",
          "announce route 203.0.113.0/24 next-hop self rd 65000:1 label 100",
          "announce route 203.0.113.0/24 next-hop 'self; route 198.51.100.0/24'",
          "announce route 203.0.113.0/24 next-hop self watchdog dog",
          "announce route 203.0.113.0/24 next-hop self community [ 65000:1",
          "announce route 203.0.113.0/24 next-hop",
          "announce route",
          "announce",
          "announce attributes next-hop self nlri 203.0.113.0/24 198.51.100.0/24",
          "announce flow route { match { destination 203.0.113.0/24; } then { discard; } }",
          "announce vpls endpoint 5",
          "announce eor ipv4 unicast",
          "announce watchdog dog",
          "announce ipv4 mpls-vpn 203.0.113.0/24",
          "withdraw watchdog dog",
          "peer * group announce route 203.0.113.0/24 next-hop self ; withdraw route 10.0.0.0/8",
          "peer 192.0.2.1 teardown 6",
          "flush adj-rib out",
          "rib clear in",
          "peer delete 192.0.2.1",
          "peer * routes add 203.0.113.0/24",
          "test unknown",
          "debug x",
          "shutdown"})
        CHECK_FALSE_MESSAGE(denied(grant, line).empty(), std::string(line));
    const std::string why = denied(grant, "announce route 198.51.100.0/24 next-hop self");
    CHECK(has(why,
              "rule team-a: it allows the prefixes 203.0.113.0/24, 2001:db8::/32, not "
              "198.51.100.0/24"));
}

TEST_CASE("a team reaches its peers only") {
    const Grant grant = granted_by(rule_with({}, {"192.0.2.1", "2001:db8::1"}));
    for (const char* line :
         {"neighbor 192.0.2.1 announce route 10.0.0.0/8 next-hop self",
          "peer 192.0.2.1 withdraw route 10.0.0.0/8", "peer 192.0.2.1 teardown 6",
          "peer 192.0.2.1 peer-as 65001 announce route 10.0.0.0/8 next-hop self",
          "peer [192.0.2.1, 2001:db8:0::1] announce route 10.0.0.0/8 next-hop self",
          "neighbor 192.0.2.1, neighbor 2001:db8::1 announce flow route { match { } then { } }",
          "peer * show summary", "show adj-rib out"})
        CHECK_MESSAGE(denied(grant, line).empty(), std::string(line));
    for (const char* line :
         {"announce route 10.0.0.0/8 next-hop self", "peer * announce route 10.0.0.0/8",
          "neighbor * announce route 10.0.0.0/8", "neighbor 192.0.2.2 withdraw route 10.0.0.0/8",
          "peer * peer-as 65001 announce route 10.0.0.0/8 next-hop self",
          "peer [192.0.2.1, 192.0.2.2] announce route 10.0.0.0/8", "teardown 6",
          "neighbor 192.0.2.1, neighbor * announce route 10.0.0.0/8 next-hop self",
          "neighbor 192.0.2.1", "peer [192.0.2.1 announce route 10.0.0.0/8",
          "peer 192.0.2.1 group announce route 10.0.0.0/8", "peer 192.0.2.1 routes add 10.0.0.0/8",
          "flush adj-rib out", "peer create neighbor 192.0.2.1", "daemon reload"})
        CHECK_FALSE_MESSAGE(denied(grant, line).empty(), std::string(line));
    CHECK(has(denied(grant, "peer 192.0.2.9 teardown 6"), "not '192.0.2.9'"));
}

TEST_CASE("commands are allowed and denied by their first words, in either spelling") {
    const Grant only = granted_by(rule_with({}, {}, {"announce route", "withdraw r*", "flush"}));
    for (const char* line :
         {"announce route 10.0.0.0/8 next-hop self", "peer 192.0.2.1 announce route 10.0.0.0/8",
          "neighbor 192.0.2.1 withdraw route 10.0.0.0/8", "flush adj-rib out", "rib flush out",
          "show neighbor summary", "peer list"})
        CHECK_MESSAGE(denied(only, line).empty(), std::string(line));
    for (const char* line : {"announce flow route x", "peer * announce flow route x", "teardown",
                             "peer [x announce route 10.0.0.0/8", "rib clear in", "peer * group x"})
        CHECK_FALSE_MESSAGE(denied(only, line).empty(), std::string(line));

    const Grant without =
        granted_by(rule_with({}, {}, {}, {"teardown", "flush", "show adj-rib in"}));
    for (const char* line : {"announce route 10.0.0.0/8 next-hop self", "show neighbor summary",
                             "clear adj-rib in", "show adj-rib out"})
        CHECK_MESSAGE(denied(without, line).empty(), std::string(line));
    for (const char* line : {"peer 192.0.2.1 teardown 6", "teardown 6", "rib flush out",
                             "rib show in", "peer 192.0.2.1 group teardown 6"})
        CHECK_FALSE_MESSAGE(denied(without, line).empty(), std::string(line));
    CHECK(has(denied(without, "flush adj-rib out"), "rule team-a: it denies 'flush'"));
}

TEST_CASE("of several rules one that allows is enough, and all say why none does") {
    Grant grant = granted_by(rule_with({"203.0.113.0/24"}, {}));
    AccessRule other = rule_with({}, {"192.0.2.1"}, {"teardown"});
    other.name = "resets";
    grant.rules.push_back(std::make_shared<AccessRule>(other));
    CHECK(denied(grant, "announce route 203.0.113.0/24 next-hop self").empty());
    CHECK(denied(grant, "peer 192.0.2.1 teardown 6").empty());
    const std::string why = denied(grant, "peer 192.0.2.2 teardown 6");
    CHECK(has(why, "rule team-a: "));
    CHECK(has(why, "; rule resets: "));
}

TEST_CASE("a rule that gives observe gives no more") {
    AccessRule rule = rule_with({}, {}, {"show neighbor"});
    rule.role = Role::Observe;
    const Grant grant = granted_by(rule);
    CHECK(denied(grant, "show neighbor summary").empty());
    CHECK(denied(grant, "peer show summary").empty());
    CHECK(has(denied(grant, "show adj-rib out"), "`allow`"));
    CHECK(has(denied(grant, "announce route 10.0.0.0/8"), "it gives the role observe"));
}
