// SPDX-License-Identifier: BSD-3-Clause
// Event: the wire form of every type, and status beside it.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/clients/status_report.hpp"

using namespace exapulse;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

Event event(EventType type) {
    Event made;
    made.type = type;
    made.state = HealthState::Up;
    made.uuid = "B";
    made.time = WallTime(1'700'000'000'000'000us);
    return made;
}

constexpr std::string_view head =
    R"(","seq":7,"boot":"boot","time":"2023-11-14T22:13:20.000000Z","state":"up","uuid":"B")";

}  // namespace

TEST_CASE("the fields of each type") {
    Event restarted = event(EventType::Restarted);
    restarted.previous = "A";
    restarted.proven = false;
    restarted.away = 1042ms;
    restarted.cause = Cause::Closed;
    CHECK(format_event(restarted, {7, "boot"}) ==
          R"({"type":"restarted)" + std::string(head) +
              R"(,"previous":"A","proven":false,"away_ms":1042,"cause":"closed"})");
    CHECK(describe_event(restarted).starts_with("restarted: ExaBGP may have restarted"));
    restarted.proven = true;
    CHECK(describe_event(restarted).starts_with("restarted: ExaBGP is a new process"));

    Event failed = event(EventType::Failed);
    failed.cause = Cause::Hung;
    failed.of = 3;
    failed.detail = "quoted \" and \xff";
    const json wire = json::parse(format_event(failed, {7, "boot"}));
    CHECK(wire["last_pong"].is_null());
    CHECK(wire["cause"] == "hung");

    Event unknown = event(EventType::Disconnected);
    unknown.uuid.clear();
    CHECK(json::parse(format_event(unknown, {7, "boot"}))["uuid"].is_null());
}

TEST_CASE("every type has a name that is parsed, and a log line that begins with it") {
    for (std::size_t i = 0; i < event_type_names.size(); ++i) {
        Event any = event(static_cast<EventType>(i));
        any.cause = Cause::Closed;
        any.missed = 1;
        any.of = 3;
        any.peer = Peer{};
        any.peers = {Peer{}};
        any.owner = EventOwner{1000, "alice"};
        CHECK(parse_event_type(name_of(any.type)) == any.type);
        CHECK(describe_event(any).starts_with(fmt::format("{}:", name_of(any.type))));
        CHECK(describe_event(any).find('\n') == std::string::npos);
    }
    CHECK_FALSE(parse_event_type("exploded"));
}

TEST_CASE("events about peers") {
    Peer peer;
    peer.address = "10.0.0.2";
    peer.as = 65002;
    peer.state = "established";
    Event up = event(EventType::PeerUp);
    up.peer = peer;
    up.previous_state = "active";
    const json line = json::parse(format_event(up, {7, "boot"}));
    CHECK(line["type"] == "peer-up");
    CHECK(line["peer"]["address"] == "10.0.0.2");
    CHECK(line["peer"]["as"] == 65002);
    CHECK(line["peer"]["local_as"].is_null());
    CHECK(line["previous_state"] == "active");
    Event all = event(EventType::Peers);
    all.peers = {peer, peer};
    CHECK(json::parse(format_event(all, {7, "boot"}))["peers"].size() == 2);
    CHECK(describe_event(all) == "peers: 2 of 2 established");
}

TEST_CASE(
    "status distinguishes pipes from a socket, and has what the identity method cannot detect") {
    StatusReport report;
    report.upstream = UpstreamCandidate{UpstreamKind::Fifo, "/run/exabgp/exabgp", "config"};
    report.dialect = Dialect::Pipes42;
    report.identity = IdentityMethod::None;
    const json status = json::parse(format_status(report, {3, "boot"}));
    CHECK(status["upstream"]["socket"].is_null());
    CHECK(status["upstream"]["fifo"] == "/run/exabgp/exabgp");
    CHECK(status["dialect"] == "4.2");
    CHECK(status["identity"]["method"] == "none");
    CHECK(status["identity"]["blind"].get<std::string>().find("reload") != std::string::npos);
    report.identity = IdentityMethod::Process;
    CHECK(json::parse(format_status(report, {3, "boot"}))["identity"]["blind"].is_null());
}

TEST_CASE("status and snapshot have the same fields, and null for unknown values") {
    StatusReport report;
    report.searched = {{UpstreamKind::Socket, "/run/exabgp/exabgp.sock", "standard folder"}};
    report.detail = "no socket";
    const json status = json::parse(format_status(report, {3, "boot"}));
    for (const char* unknown :
         {"uuid", "version", "dialect", "last_pong", "away_since", "latency_ms"})
        CHECK_MESSAGE(status[unknown].is_null(), unknown);
    CHECK(status["upstream"]["socket"].is_null());
    CHECK(status["upstream"]["searched"] == json{"/run/exabgp/exabgp.sock"});
    CHECK(status["state"] == "connecting");
    CHECK(status["seq"] == 3);
    CHECK(status["identity"]["method"].is_null());

    const json snapshot = json::parse(format_snapshot(report, {3, "boot"}, WallTime()));
    CHECK(snapshot["type"] == "state");
    for (const auto& field : status.items())
        CHECK_MESSAGE(snapshot[field.key()] == field.value(), field.key());
}
