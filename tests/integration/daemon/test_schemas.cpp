// SPDX-License-Identifier: BSD-3-Clause
// The JSON schemas that are shipped, and what exapulsed and exapulse really print.
#include <csignal>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/json_schema.hpp"
#include "tests/support/harness/project_file.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

using namespace exapulse::test;

namespace {

JsonSchema schema(const std::string& name) {
    return JsonSchema(project_file("packaging/schema/" + name + ".schema.json"));
}

void fits(const std::string& name, const Json& value) {
    const auto problems = schema(name).problems(value);
    CHECK_MESSAGE(problems.empty(), name << ": " << fmt::format("{}", fmt::join(problems, "; "))
                                         << " in " << value.dump());
}

std::vector<Json> objects(const std::string& text) {
    std::vector<Json> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) found.push_back(Json::parse(line));
    return found;
}

}  // namespace

TEST_CASE("the answers to queries fit their schemas, with ExaBGP up and unreachable") {
    Stage stage("[commands]\nhold = \"100ms\"\n");
    const auto look = [&] {
        for (const std::string name : {"status", "clients", "access", "uptime"})
            fits(name, objects(stage.service.run({name, "--json"}).out).at(0));
        TestClient client = stage.service.client();
        fits("history", Json::parse(client.command("sidecar history").lines.at(0)));
        fits("sidecar-version", Json::parse(client.command("sidecar version").lines.at(0)));
        fits("sidecar-help", Json::parse(client.command("sidecar help").lines.at(0)));
    };
    look();
    fits("peers", objects(stage.service.run({"peers", "--json"}).out).at(0));
    const auto run = stage.service.run(
        {"run", "--json", "-"},
        "version\nbogus\nreset\nit's\ntest lines 2 9 x\n" + std::string(2U << 20, 'x') + "\n");
    for (const Json& result : objects(run.out)) fits("run", result);
    CHECK(objects(run.out).size() == 6);
    stage.exabgp.stop();
    CHECK(eventually([&] { return stage.service.status()["state"] != "up"; }));
    look();
    for (const Json& result : objects(stage.service.run({"run", "--json", "version"}).out))
        fits("run", result);
}

TEST_CASE("routes and their leases fit their schemas, and the events about them") {
    Stage stage;
    Subscription events = stage.service.subscribe("replaying replayed expired");
    TestClient client = stage.service.client();
    const std::string line = "peer * announce route 10.0.{}.0/24 next-hop 192.0.2.1";
    CHECK(client.command(fmt::format(fmt::runtime(line), 1)).terminator == "done");
    for (const char* setting : {"sidecar keep on", "sidecar owner dns"})
        CHECK(client.command(setting).terminator == "done");
    CHECK(client.command(fmt::format(fmt::runtime(line), 2)).terminator == "done");
    CHECK(client.command("sidecar lease 4s 1s").terminator == "done");
    CHECK(client.command(fmt::format(fmt::runtime(line), 3)).terminator == "done");
    const auto listed = objects(stage.service.run({"routes", "--json"}).out);
    CHECK(listed.size() == 3);
    for (const Json& one : listed) fits("routes", one);
    stage.exabgp.restart();
    for (const char* type : {"replaying", "replayed", "expired"}) fits("event", events.next(type));
    fits("status", objects(stage.service.run({"status", "--json"}).out).at(0));
}

TEST_CASE("every event fits the schema of events") {
    Stage stage("[peers]\ninterval = \"100ms\"\n", "200ms");
    Subscription events = stage.service.subscribe(
        "connected restarted disconnected reconnected degraded failed recovered stopping peers "
        "peer-up peer-down");
    std::set<std::string> seen;
    const auto until = [&](const std::string& type) {
        for (;;) {
            const Json event = events.next();
            REQUIRE_MESSAGE(event.contains("seq"), "no " << type);
            fits("event", event);
            seen.insert(event["type"].get<std::string>());
            if (event["type"] == type) return;
        }
    };
    until("peers");
    stage.exabgp.set_peer_state("ESTABLISHED");
    until("peer-up");
    stage.exabgp.set_peer_state("IDLE");
    until("peer-down");
    stage.exabgp.bounce();
    until("reconnected");
    stage.exabgp.silence(true);
    until("failed");
    stage.exabgp.silence(false);
    until("recovered");
    stage.exabgp.crash();
    stage.exabgp.start();
    until("restarted");
    for (const Json& event : objects(stage.service.run({"history", "--json"}).out)) {
        fits("event", event);
        seen.insert(event["type"].get<std::string>());
    }
    stage.service.process().signal(SIGTERM);
    until("stopping");
    // `lagged` takes a subscriber that does not read: see test_many_clients.cpp.
    CHECK(seen.size() == 12);
}

TEST_CASE("reports about another program at the pipes fit the schemas") {
    const TempDir dir;
    const PipesSimulator exabgp(dir / "exabgp", exapulse::Dialect::Pipes42);
    Service::Options options;
    options.flags = {"--fifo", exabgp.name()};
    const Service service("", options);
    service.await("up");
    Subscription events = service.subscribe();
    fits("event", events.next());
    std::ofstream(exabgp.name() + ".in") << "version\n" << std::flush;
    const Json contended = events.next();
    CHECK(contended["type"] == "contended");
    fits("event", contended);
    fits("status", service.status());
    CHECK(service.status()["contended"].is_object());
    fits("event", service.subscribe().next());
}

TEST_CASE("a schema finds what is wrong") {
    const auto wrong = [](const std::string& name, const Json& value) {
        CHECK_MESSAGE(!schema(name).problems(value).empty(), value.dump());
    };
    const Json right{{"line", 1}, {"command", "c"},  {"sent", "c"},          {"verdict", "done"},
                     {"exit", 0}, {"text", nullptr}, {"data", Json::array()}};
    fits("run", right);
    for (const auto& [field, bad] : std::map<std::string, Json>{{"line", 0},
                                                                {"command", nullptr},
                                                                {"verdict", "maybe"},
                                                                {"exit", 9},
                                                                {"exit", "0"},
                                                                {"data", "x"}}) {
        Json broken = right;
        broken[field] = bad;
        wrong("run", broken);
    }
    Json more = right;
    more["unheard"] = 1;
    wrong("run", more);
    Json less = right;
    less.erase("sent");
    wrong("run", less);
    wrong("run", Json::array());
    wrong("history", Json{{"from", "yesterday"}});
    wrong("event", Json{{"type", "exploded"}});
    const Json lagged{
        {"type", "lagged"}, {"seq", 9},    {"boot", "b"}, {"time", "2026-11-23T20:36:00.000000Z"},
        {"state", "up"},    {"uuid", "u"}, {"dropped", 5}};
    fits("event", lagged);
    Json gap = lagged;
    gap["type"] = "gap";
    fits("event", gap);
    gap["dropped"] = nullptr;
    fits("event", gap);
    Json state = lagged;
    state["type"] = "state";
    wrong("event", state);
}
