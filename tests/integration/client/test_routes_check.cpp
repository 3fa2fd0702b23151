// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes check` against simulated ExaBGPs.
#include <atomic>
#include <sstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

using namespace exapulse::test;
using exapulse::Dialect;
using namespace std::chrono_literals;

namespace {

std::string route_of(int number) {
    return fmt::format("announce route 10.1.{}.0/24 next-hop 192.0.2.1", number);
}

std::string sent_to_6(int number) {
    return "peer * " + route_of(number);
}

/// The first `count` routes, kept.
void announce_routes(const Service& service, int count) {
    std::string batch;
    for (int i = 0; i < count; ++i) batch += route_of(i) + "\n";
    const auto run = service.run({"run", "--keep", "-"}, batch);
    REQUIRE_MESSAGE(run.status == 0, run.err);
}

/// What 6.0 answers to `rib show out`, with all of them but one.
std::string all_but(int missing, int count) {
    std::string lines;
    for (int i = 0; i < count; ++i)
        if (i != missing)
            lines += fmt::format(
                R"({{"127.0.0.1": {{"routes": [{{"family": "ipv4 unicast", "prefix": "10.1.{}.0/24"}}]}}}})"
                "\n",
                i);
    return lines + "done\n";
}

}  // namespace

TEST_CASE("routes check: all there, lost, and announced again; the exit code tells") {
    Stage stage;
    CHECK(stage.service.run({"routes", "check"}).status == 0);
    announce_routes(stage.service, 3);
    const auto well = stage.service.run({"routes", "check"});
    CHECK_MESSAGE(well.status == 0, well.err);
    CHECK(has(well.out, "3 routes: all as announced\n"));
    CHECK(stage.service.run({"run", "rib", "clear", "out"}).status == 0);
    const auto lost = stage.service.run({"routes", "check"});
    CHECK(lost.status == 1);
    CHECK(has(lost.out, "3 routes: 3 missing"));
    CHECK(has(lost.err, "exapulse routes check --repair"));
    const auto quiet = stage.service.run({"routes", "check", "-q"});
    CHECK(quiet.status == 1);
    CHECK(quiet.out.empty());
    CHECK(quiet.err.empty());
    const auto owner = stage.service.run({"routes", "--json"}).out;
    const auto repaired = stage.service.run({"routes", "check", "--repair", "--json"});
    CHECK(repaired.status == 0);
    const Json summary = Json::parse(repaired.out);
    CHECK(summary["finding"] == "summary");
    CHECK(summary["missing"] == 0);
    CHECK(stage.exabgp.routes().size() == 3);
    CHECK(stage.service.run({"routes", "--json"}).out == owner);
}

TEST_CASE("routes check --repair announces what is missing and no more, and tells if that fails") {
    constexpr int count = 100;
    Stage stage;
    announce_routes(stage.service, count);
    stage.exabgp.set_answer("rib show out", all_but(7, count));
    stage.exabgp.clear_history();
    const auto check = stage.service.run({"routes", "check"});
    CHECK(check.status == 1);
    CHECK(has(check.out, "100 routes: 1 missing; attributes not compared: 99"));
    CHECK(has(check.out, "unicast 10.1.7.0/24"));
    const auto repaired = stage.service.run({"routes", "check", "--repair"});
    CHECK(repaired.status == 1);
    CHECK(has(repaired.err, "still not as it should be"));
    CHECK(stage.exabgp.count_of(sent_to_6(7)) == 1);
    CHECK(stage.exabgp.count_of(sent_to_6(8)) == 0);
}

TEST_CASE("routes check after each replay, by a watch") {
    Stage stage;
    announce_routes(stage.service, 3);
    const TempDir dir;
    const std::string exapulse =
        require_environment("EXAPULSE") + " --socket " + stage.service.socket();
    const std::string found = dir / "found";
    ChildProcess watch({"sh", "-c",
                        fmt::format("exec {0} watch --type replayed --count 1 --exec "
                                    "'{0} routes check >{1} && echo well >>{1}'",
                                    exapulse, found)});
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    stage.exabgp.restart();
    CHECK(watch.wait_exit() == 0);
    CHECK(read_file(found) == "3 routes: all as announced\nwell\n");
}

TEST_CASE("routes check on pipes") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(static_cast<int>(dialect));
        const TempDir dir;
        PipesSimulator exabgp(dir / "exabgp", dialect);
        Service service(
            "", {"[commands]\nunguarded = [\"flush\"]\n", "1h", {"--fifo", exabgp.name()}, {}, {}});
        service.await("up");
        announce_routes(service, 3);
        const auto well = service.run({"routes", "check"});
        CHECK_MESSAGE(well.status == 0, well.err);
        CHECK(has(well.out, "3 routes: all as announced\n"));
        const auto cleared = service.run({"run", "clear", "adj-rib", "out"});
        CHECK_MESSAGE(cleared.status == 0, cleared.err);
        CHECK(service.run({"routes", "check", "-q"}).status == 1);
        CHECK(service.run({"routes", "check", "-q", "--repair"}).status == 0);
        CHECK(exabgp.routes().size() == 3);
    }
}

TEST_CASE("routes check: 1 is for findings only") {
    Stage stage;
    announce_routes(stage.service, 1);
    stage.exabgp.set_answer("rib show out", "error\n");
    const auto refused = stage.service.run({"routes", "check"});
    CHECK(refused.status == 4);
    CHECK(has(refused.err, "does not show its routes"));
    stage.exabgp.clear_answers();
    CHECK(stage.service.run({"routes", "check", "--peer", "192.0.2.99"}).status == 2);
    CHECK(stage.service.run({"routes", "check", "--kept"}).status == 2);
    CHECK(stage.service.run({"routes", "--repair"}).status == 2);
    Stage failed("", "50ms");
    failed.exabgp.crash();
    failed.service.await("down");
    CHECK(failed.service.run({"routes", "check"}).status == 4);
}

TEST_CASE("routes check: while the kept routes are on their way, nothing is missing yet") {
    Stage stage;
    announce_routes(stage.service, 100);
    stage.exabgp.set_answer_delay(200ms);
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return !stage.service.status()["routes"]["replaying"].is_null(); }));
    const auto early = stage.service.run({"routes", "check"});
    CHECK(early.status == 4);
    CHECK(has(early.err, "kept routes"));
    stage.exabgp.set_answer_delay(0ms);
    REQUIRE(eventually([&] { return stage.service.status()["routes"]["replaying"].is_null(); }));
    CHECK(stage.service.run({"routes", "check"}).status == 0);
}

TEST_CASE("routes check: what clients announce and withdraw meanwhile is no finding") {
    Stage stage;
    announce_routes(stage.service, 100);
    std::string batch;
    for (int round = 0; round < 40; ++round)
        for (int i = 50; i < 150; ++i)
            batch += (round % 2 == 0 ? "withdraw" : "announce") +
                     fmt::format(" route 10.1.{}.0/24 next-hop 192.0.2.1\n", i);
    std::atomic<bool> over = false;
    std::thread client([&] {
        CHECK(stage.service.run({"run", "-q", "-"}, batch).status == 0);
        over = true;
    });
    int checks = 0;
    do {
        const auto run = stage.service.run({"routes", "check"});
        CHECK_MESSAGE(run.status == 0, run.out << run.err);
        ++checks;
    } while (!over);
    client.join();
    CHECK(checks > 1);
    CHECK(has(stage.service.run({"routes", "check"}).out, "150 routes: all as announced"));
}

namespace {

/// An ExaBGP that is stopped when a command is sent, so that its outcome is unknown.
struct LateExabgp : Stage {
    // A ping finds out that it answers again.
    LateExabgp() : Stage("[commands]\ndeadline = \"500ms\"\n", "300ms") {}

    void lose(const std::string& command, bool carried_out) {
        carried_out ? exabgp.silence(true) : exabgp.deafen(true);
        const auto lost = service.run({"run", "--keep", command});
        CHECK(lost.status == 3);
        CHECK_MESSAGE(has(lost.err, "'exapulse routes check' finds out"), lost.err);
        exabgp.silence(false);
        exabgp.deafen(false);
        REQUIRE(eventually([&] { return service.status()["state"] == "up"; }));
        REQUIRE(service.client().command("test echo ok") == echo_ok);
        REQUIRE(service.status()["routes"]["uncertain"] == 1);
    }
    [[nodiscard]] Json check() const {
        Json last;
        const auto run = service.run({"routes", "check", "--json"});
        CHECK_MESSAGE(run.status == 0, run.out, run.err);
        std::istringstream lines(run.out);
        for (std::string line; std::getline(lines, line);) last.push_back(Json::parse(line));
        return last;
    }
    [[nodiscard]] Json routes() const { return service.status()["routes"]; }
};

}  // namespace

TEST_CASE_FIXTURE(LateExabgp, "routes check: what was announced without an answer is settled") {
    announce_routes(service, 2);
    bool carried_out = false;
    SUBCASE("ExaBGP did it") {
        carried_out = true;
    }
    SUBCASE("ExaBGP did not") {}
    lose(route_of(7), carried_out);
    CHECK(exabgp.routes().size() == (carried_out ? 3 : 2));
    const auto listed = service.run({"routes"}).out;
    CHECK(has(listed, "unknown"));
    CHECK(has(listed, "1 of unknown outcome"));
    const Json found = check();
    REQUIRE(found.size() == 2);
    CHECK(found[0]["finding"] == (carried_out ? "done" : "not-done"));
    CHECK(found[0]["command"] == sent_to_6(7));
    CHECK(found[1]["settled"] == 1);
    CHECK(found[1]["uncertain"] == 0);
    CHECK(found[1]["extra"] == 0);
    CHECK(routes()["uncertain"] == 0);
    CHECK(routes()["kept"] == (carried_out ? 3 : 2));
    CHECK(check().size() == 1);
    CHECK(exabgp.routes().size() == (carried_out ? 3 : 2));
}

TEST_CASE_FIXTURE(LateExabgp, "routes check: what was withdrawn without an answer is settled") {
    announce_routes(service, 3);
    bool carried_out = false;
    SUBCASE("ExaBGP did it") {
        carried_out = true;
    }
    SUBCASE("ExaBGP did not") {}
    lose("withdraw route 10.1.1.0/24", carried_out);
    const auto table = service.run({"routes", "check", "--peer", "127.0.0.1"});
    CHECK(table.status == (carried_out ? 1 : 0));  // one peer does not settle anything
    const Json found = check();
    REQUIRE(found.size() == 2);
    CHECK(found[0]["finding"] == (carried_out ? "done" : "not-done"));
    CHECK(routes()["uncertain"] == 0);
    CHECK(routes()["kept"] == (carried_out ? 2 : 3));
    CHECK(check().size() == 1);
}

TEST_CASE_FIXTURE(LateExabgp, "routes check: other attributes without an answer are settled") {
    announce_routes(service, 1);
    bool carried_out = false;
    SUBCASE("ExaBGP has them") {
        carried_out = true;
    }
    SUBCASE("ExaBGP does not") {}
    lose("announce route 10.1.0.0/24 next-hop 192.0.2.9", carried_out);
    const Json found = check();
    REQUIRE(found.size() == 2);
    CHECK(found[0]["finding"] == (carried_out ? "done" : "not-done"));
    CHECK(routes()["kept"] == 1);
    const auto listed = service.run({"routes", "list", "--json"}).out;
    CHECK(has(listed, "192.0.2.9") == carried_out);
    CHECK(check().size() == 1);
}

TEST_CASE_FIXTURE(LateExabgp, "routes export and replay leave out what may have been withdrawn") {
    announce_routes(service, 1);
    lose("withdraw route 10.1.0.0/24", false);
    const auto exported = service.run({"routes", "export"});
    CHECK(exported.out == sent_to_6(0) + "\n");
    CHECK(has(exported.err, "1 command of unknown outcome left out"));
    CHECK(service.run({"routes", "replay"}).status == 0);
    CHECK(exabgp.count_of(sent_to_6(0)) >= 1);
    CHECK(exabgp.routes().size() == 1);
}
