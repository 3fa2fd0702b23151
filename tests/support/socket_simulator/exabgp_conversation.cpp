// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/socket_simulator/exabgp_conversation.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace exapulse::test {

namespace {

constexpr std::string_view pong = R"({"pong": "*", "active": true})";
constexpr std::string_view version_json = R"({"version": "6.*", "application": "exabgp"})";
constexpr std::string_view peers =
    R"([{"peer-address": "127.0.0.1", "peer-as": 65001, "state": "IDLE"}])";
constexpr std::string_view summary_head =
    "Peer            AS        up/down state       |     #sent     #recvd    #pfx_in";
constexpr std::string_view summary_row = "127.0.0.1       65001        down idle  *0          0";

}  // namespace

bool matches(std::string_view line, std::string_view pattern) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return line == pattern;
    const auto start = pattern.substr(0, star), end = pattern.substr(star + 1);
    return line.size() >= start.size() + end.size() && line.starts_with(start) &&
           line.ends_with(end);
}

const std::vector<Exchange>& conversation_v6() {
    static const std::vector<Exchange> exchanges{
        {"session ping", {pong, "done"}},
        {"session ping 6c1c9a6e-0000-4000-8000-000000000000 1234567.5", {pong, "done"}},
        {"session ping text", {"pong * active=true", "done"}},
        {" session \t ping \r", {pong, "done"}},
        {"session ping ; session ping", {pong, "done"}},
        {"SESSION PING", {"error"}},
        {"session", {"error"}},
        {"session nothing", {"error"}},
        {"ping", {"error"}},
        {"version", {"error"}},
        {"bye", {"error"}},
        {"reset", {"error"}},
        {"help", {"error"}},
        {"show neighbor summary", {"error"}},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.1", {"error"}},
        {"", {"done"}},
        {"  ", {"done"}},
        {"# a comment", {"done"}},
        {"debug a message", {}},
        {"debug", {"error"}},
        {"no such command", {"error"}},
        {"system version", {version_json, "done"}},
        {"system version json", {version_json, "done"}},
        {"system api version", {R"({"api_version": 6, "description": "json-only"})", "done"}},
        {"system api version abc def", {R"({"error": "Invalid version: abc"})", "error"}},
        {"system api version json", {R"({"error": "Invalid version: json"})", "error"}},
        {"system api version 5", {R"({"error": "API version must be 4 or 6"})", "error"}},
        {"system api version +6",
         {R"({"status": "API version set", "version": 6, "note": "effective on next process restart"})",
          "done"}},
        {"system queue-status",
         {R"({"api-internal-cli-socket-*": {"items": 0, "bytes": 0}})", "done"}},
        {"system help",
         {R"x({"description": "Available API commands (v6 format)", *, {"command": "system version", "neighbor_support": false, "json_support": true}]})x",
          "done"}},
        {"daemon status", {R"({"version": "6.*": "IDLE"}})", "done"}},
        {"daemon nothing", {"error"}},
        {"session sync enable", {"done"}},
        {"session sync disable", {"done"}},
        {"session reset", {R"({"status": "asynchronous queue cleared"})", "done"}},
        {"session bye", {"done"}},
        {"session ack disable", {"done"}},
        {"session ping", {pong}},
        {"no such command", {}},
        {"peer * announce route bad", {}},
        {"system api version abc", {R"({"error": "Invalid version: abc"})"}},
        {"session ack enable", {"done"}},
        {"session ack silence", {}},
        {"session ping", {pong}},
        {"session ack enable", {"done"}},
        {"group end", {R"({"error": "not in group block"})", "error"}},
        {"group start", {R"({"status": "group started"})", "done"}},
        {"group start",
         {R"x({"error": "already in group block (nested groups not allowed)"})x", "error"}},
        {"announce route 10.1.0.0/24 next-hop 192.0.2.1", {"done"}},
        {"announce garbage", {"done"}},
        {"garbage announce", {"error"}},
        {"group end",
         {R"({"status": "group processed", "announced": 1, "withdrawn": 0, "errors": ["could not parse: announce garbage"]})",
          "done"}},
        {"group start", {R"({"status": "group started"})", "done"}},
        {"group end", {R"({"status": "group ended", "commands": 0})", "done"}},
        {"peer list", {peers, "done"}},
        {"peer * show summary", {R"([{"state": "down"*)", "done"}},
        {"peer 9.9.9.9 show summary", {R"([{"state": "down"*)", "done"}},
        {"peer show", {R"([{"state": "down"*)", "done"}},
        {"peer", {"error"}},
        {"peer *", {"error"}},
        {"peer nobody announce route 10.9.0.0/24 next-hop 192.0.2.1", {"error"}},
        {"peer * announce", {"error"}},
        {"peer * announce bogus", {"error: unknown announce type: bogus", "error"}},
        {"peer * withdraw bogus", {"error: unknown withdraw type: bogus", "error"}},
        {"peer * announce route bad", {"error: Could not parse route: route bad", "error"}},
        {"peer * announce route 10.0.0.1/24 next-hop 192.0.2.1",
         {"error: Could not parse route: route 10.0.0.1/24 next-hop 192.0.2.1", "error"}},
        {"peer * announce route 10.0.0.0/24",
         {"error: announce requires nexthop: 10.0.0.0/24", "error"}},
        {"peer * announce ipv4 unicast bad", {"error"}},
        {"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1", {"done"}},
        {"peer 127.0.0.1 announce route 10.0.1.0/24 next-hop self", {"done"}},
        {"peer 9.9.9.9 announce route 10.0.2.0/24 next-hop 192.0.2.1 sync", {"done"}},
        {"peer [ 127.0.0.1 , 9.9.9.9 ] announce ipv4 unicast 10.0.3.0/24 next-hop 192.0.2.1",
         {"done"}},
        {"peer 127.0.0.1 peer-as 65001 withdraw route 10.0.1.0/24", {"done"}},
        {"peer * withdraw route 10.9.9.0/24 next-hop 192.0.2.1", {"done"}},
        {"peer * withdraw route bad", {"error: Could not parse route: route bad", "error"}},
        {"rib show out",
         {R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.1.0.0/24"}]}})",
          R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.0.0.0/24"}]}})",
          R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.0.2.0/24"}]}})",
          R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.0.3.0/24"}]}})",
          "done"}},
        {"rib show in", {"done"}},
        {"rib show", {"error"}},
        {"rib", {"error"}},
        {"peer * routes list", {R"([{"index": *"}])"}},
        {"peer 9.9.9.9 routes list", {"[]"}},
        {"peer * routes", {"error: routes requires action: list, add, or remove", "error"}},
        {"peer * group", {R"({"error": "empty group"})", "error"}},
        {"peer * group announce route 10.0.5.0/24 next-hop 192.0.2.1 ; withdraw route 10.0.0.0/24",
         {R"({"status": "group processed", "announced": 1, "withdrawn": 1})", "done"}},
        {"peer * teardown", {"error"}},
        {"rib flush out", {"done"}},
        {"rib clear out", {"done"}},
        {"rib show out", {"done"}},
    };
    return exchanges;
}

const std::vector<Exchange>& conversation_v4() {
    static const std::vector<Exchange> exchanges{
        {"session ping", {pong, "done"}},
        {"ping", {pong, "done"}},
        {"ping text", {"pong * active=true", "done"}},
        {"version", {"exabgp 6.*", "done"}},
        {"version json", {version_json, "done"}},
        {"system version", {"exabgp 6.*", "done"}},
        {"api version", {"API version: 4 (legacy (text/json))", "done"}},
        {"api version abc", {"error: invalid version: abc", "error"}},
        {"system api version abc json", {R"({"error": "Invalid version: abc"})", "error"}},
        {"system api version 5", {"error: API version must be 4 or 6", "error"}},
        {"queue-status", {"api-internal-cli-socket-*: 0 items (0 bytes)", "done"}},
        {"show neighbor", {"usage: peer <ip> show [summary|extensive|configuration]", "done"}},
        {"show neighbor summary", {summary_head, summary_row, "done"}},
        {"show neighbor summary json", {R"([{"state": "down"*)", "done"}},
        {"peer list", {peers, "done"}},
        {"enable-sync", {"done"}},
        {"disable-sync", {"done"}},
        {"reset", {"asynchronous queue cleared", "done"}},
        {"reset json", {R"({"status": "asynchronous queue cleared"})", "done"}},
        {"bye", {"done"}},
        {"session bye", {"done"}},
        {"disable-ack", {"done"}},
        {"ping", {pong}},
        {"bogus", {}},
        {"enable-ack", {"done"}},
        {"silence-ack", {}},
        {"session ack enable", {"done"}},
        {"group start", {"error"}},
        {"group end", {"error"}},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.1", {"done"}},
        {"neighbor 127.0.0.1 announce route 10.0.1.0/24 next-hop 192.0.2.1", {"done"}},
        {"neighbor 9.9.9.9 announce route 10.0.2.0/24 next-hop 192.0.2.1", {"error"}},
        {"peer 9.9.9.9 announce route 10.0.2.0/24 next-hop 192.0.2.1", {"done"}},
        {"announce", {"error"}},
        {"announce bogus", {"error: unknown announce type: bogus", "error"}},
        {"announce route bad", {"error: Could not parse route: route bad", "error"}},
        {"withdraw route 10.0.0.0/24 next-hop 192.0.2.1", {"done"}},
        {"show adj-rib out",
         {"127.0.0.1 ipv4 unicast 10.0.1.0/24", "127.0.0.1 ipv4 unicast 10.0.2.0/24", "done"}},
        {"rib show out json",
         {R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.0.1.0/24"}]}})",
          R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.0.2.0/24"}]}})",
          "done"}},
        {"show adj-rib", {"error"}},
        {"peer * group announce route 10.0.5.0/24 next-hop 192.0.2.1 ; announce route bad",
         {"group processed: 1 announced, 0 withdrawn, 1 errors", "done"}},
        {"debug a message", {}},
        {"# a comment", {"done"}},
        {"", {"done"}},
        {"clear adj-rib out", {"done"}},
        {"show adj-rib out", {"done"}},
    };
    return exchanges;
}

std::string replay(TestClient& client, const std::vector<Exchange>& conversation) {
    bool acks = true;
    int number = 0;
    for (const auto& [command, expected] : conversation) {
        const std::string token = fmt::format("replay-{}", ++number);
        client.send_line(command);
        client.send_line("system api version " + token);
        std::vector<std::string> lines;
        bool echoed = false;
        while (!echoed) {
            auto line = client.read_line();
            if (!line) return fmt::format("'{}': no answer, after {}", command, lines);
            echoed = line->find(token) != std::string::npos;
            if (!echoed) lines.push_back(std::move(*line));
        }
        if (command.find("ack") != std::string_view::npos)
            acks = command.find("enable") != std::string_view::npos;
        if (acks && client.read_line() != "error")
            return fmt::format("'{}': the echo behind it has no terminator", command);
        if (!std::equal(lines.begin(), lines.end(), expected.begin(), expected.end(), matches))
            return fmt::format("'{}': expected {}, got {}", command, expected, lines);
    }
    return {};
}

}  // namespace exapulse::test
