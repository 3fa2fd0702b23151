// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_conversation.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/protocol.hpp"

namespace exapulse::test {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::string_view any_lines = "...";
constexpr std::string_view pipes_summary_head =
    "Peer            AS        up/down state       |     #sent     #recvd";
constexpr std::string_view pipes_summary_row =
    "127.0.0.1       65001        down idle  *0          0";

/// A command that one of the two knows only.
Lines if_known(bool known, Lines lines) {
    return known ? std::move(lines) : Lines{"error"};
}

bool has_any_lines(const Lines& expected) {
    return std::find(expected.begin(), expected.end(), any_lines) != expected.end();
}

bool match(const std::vector<std::string>& lines, const Lines& expected) {
    const auto gap = std::find(expected.begin(), expected.end(), any_lines);
    if (gap == expected.end())
        return std::equal(lines.begin(), lines.end(), expected.begin(), expected.end(), matches);
    return lines.size() + 1 >= expected.size() &&
           std::equal(expected.begin(), gap, lines.begin(),
                      [](auto pattern, auto& line) { return matches(line, pattern); }) &&
           std::equal(std::make_reverse_iterator(expected.end()),
                      std::make_reverse_iterator(gap + 1), lines.rbegin(),
                      [](auto pattern, auto& line) { return matches(line, pattern); });
}

std::vector<std::string> read_lines(PipesClient& client, const Lines& expected) {
    std::vector<std::string> lines;
    const bool to_terminator = has_any_lines(expected);
    while (to_terminator || lines.size() < expected.size()) {
        auto line = client.read_line();
        if (!line) break;
        lines.push_back(std::move(*line));
        if (to_terminator && (lines.back() == line_done || lines.back() == line_error)) break;
    }
    return lines;
}

}  // namespace

std::vector<Exchange> pipes_conversation(Dialect dialect) {
    const bool is_50 = dialect == Dialect::Pipes50;
    const Lines version{is_50 ? "exabgp 5.0.13*" : "exabgp 4.2.21*", "done"};
    const Lines summary = is_50 ? Lines{pipes_summary_head, pipes_summary_row, "done"}
                                // it shows peers
                                : Lines{pipes_summary_head, "done"};  // that are down
    const std::string_view route =
        is_50 ? "127.0.0.1 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1"
              : "neighbor 127.0.0.1 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1";
    const std::string_view self = is_50
                                      ? "127.0.0.1 ipv4 unicast 10.0.3.1/32 next-hop 127.0.0.1"
                                      : "neighbor 127.0.0.1 ipv4 unicast 10.0.3.1/32 next-hop self";
    const std::string_view route_v6 =
        is_50 ? "127.0.0.1 ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1"
              : "neighbor 127.0.0.1 ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1";
    const std::string_view extensive =
        "neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65000 peer-as 65001 router-id 10.0.0.9 "
        "family-allowed in-open ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1";
    const Lines done{"done"}, error{"error"}, nothing{};

    std::vector<Exchange> exchanges{
        // Found anywhere in the line, as whole words.
        {"version", version},
        {" \t version ", version},
        {"version abc", version},
        {"my version", version},
        {"system api version abc", version},
        {"# please version this", version},
        {"[version]", version},
        {"version,", version},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.1 version", version},
        {"show neighbor version", version},
        {"VERSION", error},
        {"versions", error},
        {"myversion", error},
        {"", error},
        {"session ping", error},
        {"ping", error},
        {"#", done},
        {"# a comment", done},
        {"not a comment #", done},
        {"#not a comment", error},
        {"debug", error},
        {"debug a message", is_50 ? nothing : error},
        {"help",
         {"", "available API commands are listed here:", any_lines, "version ", "", "done"}},
        {"help me", {"", any_lines, "done"}},

        {"show neighbor",
         {"please specify summary, extensive or configuration",
          "you can filter by peer ip address adding it after the word neighbor", "done"}},
        {"show neighbor summary", summary},
        {"show neighbor summary 127.0.0.1", summary},
        {"show neighbor summary 9.9.9.9", {pipes_summary_head, "done"}},
        {"neighbor 127.0.0.1 show neighbor summary", summary},
        {"show neighbor extensive", {"Neighbor 127.0.0.1", "", any_lines, "", "done"}},
        {"show neighbor configuration", {"neighbor 127.0.0.1 {", any_lines, "}", "done"}},
        {"show neighbor extensive 9.9.9.9", done},
        {"teardown", error},
        {"teardown now", error},
        {"teardown 6", done},
        {"neighbor 9.9.9.9 teardown 6", done},

        {"announce", error},
        {"announce bogus", error},
        {"announce route", error},
        {"announce route bad", error},
        {"announce route 10.0.0.0/24", error},
        {"announce route 10.0.0.1/24 next-hop 192.0.2.1", error},
        {"announce route 10.0.0.0/24 next-hop", error},
        {"announce route 10.0.0.0/24 next-hop bad", error},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.256", is_50 ? error : nothing},
        {"announce route 1192.0.2.0/24 next-hop 192.0.2.1", is_50 ? error : nothing},
        {"announce route 192.0.2.[3-10]/32 next-hop 192.0.2.1", is_50 ? error : nothing},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.1 split /40", is_50 ? error : nothing},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.1 sync", error},
        {"please announce route 10.0.0.0/24 next-hop 192.0.2.1", error},
        {"neighbor 9.9.9.9 announce route 10.0.0.0/24 next-hop 192.0.2.1", error},
        {"neighbor 127.0.0.1 local-as 65009 announce route 10.0.0.0/24 next-hop 192.0.2.1", error},
        {"neighbor * announce route 10.0.0.0/24 next-hop 192.0.2.1", is_50 ? done : error},
        {"withdraw route 10.0.0.0/24 next-hop 192.0.2.1", done},
        {"announce ipv4 unicast bad", error},
        {"announce ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1", if_known(is_50, done)},
        {"withdraw ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1", if_known(is_50, done)},
        {"show adj-rib out", done},
        {"announce route 2001:db8::/32 next-hop 2001:db8::1", done},
        {"announce route 10.0.0.0/24 next-hop 192.0.2.1 med 10", done},
        {"neighbor 127.0.0.1 announce route 10.0.0.0/24 next-hop 192.0.2.1", done},
        {"neighbor 127.0.0.1, neighbor 9.9.9.9 announce route 10.0.3.1 next-hop self", done},
        {"neighbor 127.0.0.1 local-as 65000 withdraw route 10.9.9.0/24", done},
        {"withdraw", error},
        {"withdraw route bad", error},
        {"show adj-rib out", {route, self, route_v6, "done"}},
        {"show adj-rib out 127.0.0.1", {route, self, route_v6, "done"}},
        {"show adj-rib out routes", {route, self, route_v6, "done"}},
        {"show adj-rib out 9.9.9.9", done},
        {"show adj-rib out flow", done},
        {"show adj-rib in", done},
        {"show adj-rib", error},
        {"neighbor 127.0.0.1 show adj-rib out", error},
        {"withdraw route 10.0.3.1", done},
        {"withdraw route 2001:db8::/32", done},
        {"show adj-rib out extensive", {extensive, "done"}},
        {"clear adj-rib in", done},
        {"show adj-rib out", {route, "done"}},
        {"neighbor 127.0.0.1 clear adj-rib out", done},
        {"show adj-rib out", done},

        {"announce flow", error},
        {"announce watchdog dog", done},
        {"withdraw watchdog dog", done},
        {"announce eor", error},
        {"announce route-refresh ipv4 unicast", error},
        {"announce operational bogus", done},
        {"announce operational asm afi ipv4 safi unicast advisory x", is_50 ? done : nothing},

        {"crash", is_50 ? error : nothing},
        {"reset", nothing},
        {"version", version},
        {"disable-ack", if_known(is_50, done)},
        {"version", is_50 ? Lines{version.front()} : version},
        {"bogus", is_50 ? nothing : error},
        {"disable-ack", if_known(is_50, done)},
        {"enable-ack", if_known(is_50, done)},
        {"silence-ack", is_50 ? nothing : error},
        {"show neighbor summary", is_50 ? Lines{pipes_summary_head, pipes_summary_row} : summary},
        {"enable-ack", if_known(is_50, done)},
        {"bogus", error},
        {"version", version},
    };
    if (is_50) {
        exchanges.push_back({"show neighbor json", {R"([{"state": "down", *}])", "done"}});
        exchanges.push_back({"bogus json", error});
        exchanges.push_back({"neighbor 9.9.9.9 clear adj-rib out", error});
        exchanges.push_back({"flush adj-rib out", error});
        exchanges.push_back({"announce route 10.0.0.0/24 next-hop 192.0.2.1", done});
        exchanges.push_back(
            {"show adj-rib out json",
             {R"({"127.0.0.1": {"routes": [{"prefix": "10.0.0.0/24", "family": "ipv4 unicast"}]}})",
              "done"}});
        exchanges.push_back({"clear adj-rib out", done});
    } else {
        exchanges.push_back({"version json", version});
        exchanges.push_back({"show adj-rib out json", done});
    }
    return exchanges;
}

std::vector<std::string_view> pipes_killers(Dialect dialect) {
    if (dialect == Dialect::Pipes50)
        return {"version json", "# a json comment", "enable-ack json",
                "announce route 10.0.0.0/24 next-hop 192.0.2.1 json"};
    return {"flush adj-rib out", "neighbor 9.9.9.9 clear adj-rib out"};
}

std::string replay(PipesClient& client, const std::vector<Exchange>& conversation) {
    for (const auto& [command, expected] : conversation) {
        if (!client.send_line(command)) return fmt::format("'{}': can't be sent", command);
        const auto lines = read_lines(client, expected);
        if (!match(lines, expected))
            return fmt::format("'{}': expected {}, got {}", command, expected, lines);
    }
    return {};
}

}  // namespace exapulse::test
