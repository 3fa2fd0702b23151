// SPDX-License-Identifier: BSD-3-Clause
// Whatever an answer holds: it is read or refused, within bounds, and what is written of it is
// JSON.
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/clients/status_report.hpp"
#include "daemon/exabgp/peer_answer.hpp"
#include "daemon/exabgp/upstream_reply.hpp"

using namespace exapulse;

namespace {

constexpr std::size_t deep = 200'000;

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    all.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

/// Lines, and what comes of each of these cut somewhere.
std::vector<std::string> hostile_lines() {
    std::vector<std::string> lines{
        "",
        std::string(1, '\0'),
        "\xff\xfe\x80",
        "pong \xff\xfe active=true",
        "pong \x1b]0;title\x07 active=true",
        "exabgp \xed\xa0\x80",
        "shutdown 99999999999999999999 1",
        R"({"pong": "\ud800", "active": true})",
        R"({"pong": "\udc00\ud800"})",
        R"({"pong": "A", "pong": "B", "active": {"active": []}})",
        R"({"pong": 1e999})",
        R"({"pong": -0})",
        R"({"answer": "done", "answer": "error"})",
        R"({"answer": 123456789012345678901234567890123456789012345678901234567890})",
        R"({"version": {"version": "6"}})",
        "{\"version\": \"6\xff\"}",
        R"({"peers": {"neighbor 10.0.0.2": "IDLE", "neighbor 10.0.0.2": "IDLE"}})",
        R"({"peers": {"neighbor 10.0.0.2": "IDLE"}, "peers": {}})",
        R"({"peers": {"neighbor \u001b[2J": "IDLE"}})",
        R"({"peers": {"neighbor 10.0.0.2": "\n"}})",
        "{\"peers\": {\"neighbor 10.0.0.2 x \xff\": \"IDLE\"}}",
        R"([{"peer": {"address": "a\nb"}, "fsm": "IDLE"}])",
        R"([{"peer": {"address": "10.0.0.2"}, "fsm": "IDLE", "duration": 1e308, "state": "up"}])",
        R"([{"peer": {"address": "10.0.0.2"}, "fsm": "IDLE", "duration": -1, "state": "up"}])",
        "Peer #pfx_in\n10.0.0.2 1 2 \x1b[2J 1 2 3\n",
        "Peer\n10.0.0.2 1 2 " + std::string(1'000, 'x') + " 1 2\n",
        "neighbor \xff\xff {\n",
        "neighbor " + std::string(1'000, '1') + " {\n",
    };
    for (const std::string_view start :
         {"", R"({"pong": )", R"({"answer": )", R"({"version": )", R"({"peers": )",
          R"({"peers": {"neighbor 10.0.0.2": )", R"([{"peer": )"})
        for (const std::string_view nest : {"[", R"({"a":)", R"([{"":)"}) {
            lines.push_back(std::string(start) + repeated(nest, deep));
            lines.push_back(std::string(start) + repeated("[", deep) + repeated("]", deep) + "}");
        }
    for (const std::string_view start : {"pong ", "shutdown ", "exabgp ", "Peer ", "neighbor "})
        lines.push_back(std::string(start) + repeated("a ", deep));
    lines.push_back(repeated("\n", deep));
    lines.push_back("Peer \n" + repeated("a b c d e f\n", 2 * deep));
    lines.push_back(repeated("neighbor 1\n", 2 * deep));

    std::mt19937 random(1);
    const std::vector<std::string> whole(lines.begin(), lines.begin() + 28);
    for (int i = 0; i < 3'000; ++i) {
        std::string line = whole[random() % whole.size()];
        for (int changes = 0; changes < 3 && !line.empty(); ++changes)
            line[random() % line.size()] = static_cast<char>(random());
        lines.push_back(line.substr(0, random() % (line.size() + 1)));
    }
    return lines;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '\x7f'; });
}

}  // namespace

TEST_CASE("hostile lines: what is extracted from them is bounded and printable") {
    for (const std::string& line : hostile_lines()) {
        CAPTURE(line.substr(0, 100));
        const UpstreamReply reply = classify_reply(line);
        if (const auto* pong = std::get_if<reply::Pong>(&reply)) CHECK(is_uuid(pong->uuid));
        if (const auto* end = std::get_if<reply::Shutdown>(&reply)) CHECK(end->pid.size() <= 10);
        if (line.size() > 1'024) CHECK_FALSE(is_terminator(reply));
        const std::string version = version_in(line);
        CHECK(version.size() < 1'024);
        CHECK_NOTHROW(static_cast<void>(nlohmann::json(version).dump()));
        for (const auto form : {PeerAnswer::Status, PeerAnswer::Detail, PeerAnswer::Summary,
                                PeerAnswer::Configuration}) {
            const auto peers = read_peers(form, line, WallTime());
            if (!peers) continue;
            CHECK(peers->size() <= most_peers);
            for (const Peer& peer : *peers) {
                CHECK(is_plausible(peer));
                CHECK(is_plain(peer.address + peer.state + peer.name + peer.local_address));
            }
        }
    }
}

TEST_CASE("hostile text in every field: events and status are one line of JSON") {
    const std::string text = "\xff\xed\xa0\x80\x1b[2J\n\"\\" + std::string(1, '\0');
    Peer peer;
    peer.address = peer.state = peer.local_address = peer.name = text;
    StatusReport report;
    report.uuid = report.version = report.detail = text;
    report.upstream = UpstreamCandidate{UpstreamKind::Socket, text, text};
    report.searched = {*report.upstream};
    report.peers = {peer};
    ClientReport client;
    client.user = client.process = text;
    std::vector<std::string> lines{format_status(report, {1, text}),
                                   format_snapshot(report, {1, text}, WallTime()),
                                   format_clients({client}), format_peers({peer}, WallTime())};
    for (std::size_t i = 0; i < event_type_names.size(); ++i) {
        Event event;
        event.type = static_cast<EventType>(i);
        event.uuid = text;
        event.previous = event.detail = event.previous_state = text;
        event.cause = Cause::Closed;
        event.missed = event.of = 1;
        event.peers = {peer};
        event.peer = peer;
        lines.push_back(format_event(event, {1, text}));
    }
    for (const std::string& line : lines) {
        CHECK(nlohmann::json::accept(line));
        CHECK(line.find_first_of("\n\x1b") == line.npos);
    }
}

TEST_CASE("an answer with too many peers is not accepted") {
    const auto status = [](std::size_t count) {
        std::string answer = R"({"peers": {)";
        for (std::size_t i = 0; i < count; ++i)
            answer += fmt::format(R"({}"neighbor 10.{}.{}.{} local-ip auto": "IDLE")",
                                  i == 0 ? "" : ", ", i / 65'536, i / 256 % 256, i % 256);
        return answer + "}}";
    };
    const auto peers = read_peers(PeerAnswer::Status, status(most_peers), WallTime());
    REQUIRE(peers);
    CHECK(peers->size() == most_peers);
    CHECK_FALSE(read_peers(PeerAnswer::Status, status(most_peers + 1), WallTime()));
}
