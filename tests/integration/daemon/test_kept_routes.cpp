// SPDX-License-Identifier: BSD-3-Clause
// Routes that a client asked to keep, and what becomes of them and of others.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/store/database.hpp"
#include "tests/integration/hidden_history.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/damaged_history.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

std::string announcement(int number) {
    return fmt::format("peer * announce route 10.0.{}.0/24 next-hop 192.0.2.1", number);
}

TestClient keeping(const Service& service) {
    TestClient client = service.client();
    REQUIRE(client.command("sidecar keep on").terminator == "done");
    return client;
}

/// The commands of `sidecar routes`.
std::vector<std::string> routes_of(const Service& service, bool kept_only = false) {
    std::vector<std::string> commands;
    for (const std::string& line : service.client().command("sidecar routes").lines) {
        const Json route = Json::parse(line);
        if (!route["gone"] && (!kept_only || route["kept"])) commands.push_back(route["command"]);
    }
    return commands;
}

/// What the present ExaBGP was sent of announcements and withdrawals; routes that travelled
/// together one by one.
std::vector<std::string> sent(const ExabgpSimulator& exabgp) {
    std::vector<std::string> lines;
    for (const std::string& line : exabgp.received()) {
        if (has(line, " route ")) lines.push_back(line);
        const std::string attributes = "peer * announce attributes ", nlri = " nlri ";
        const auto at = line.find(nlri);
        if (!line.starts_with(attributes) || at == line.npos) continue;
        std::istringstream prefixes(line.substr(at + nlri.size()));
        for (std::string prefix; prefixes >> prefix;)
            lines.push_back(fmt::format("peer * announce route {} {}", prefix,
                                        line.substr(attributes.size(), at - attributes.size())));
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a kept route comes back after a restart of ExaBGP, in the order of announcement") {
    Stage stage;
    TestClient keeper = keeping(stage.service), other = stage.service.client();
    CHECK(keeper.command(announcement(1)).terminator == "done");
    CHECK(other.command(announcement(2)).terminator == "done");
    CHECK(keeper.command(announcement(3)).terminator == "done");
    CHECK(routes_of(stage.service) == Lines{announcement(1), announcement(2), announcement(3)});
    CHECK(stage.service.status()["routes"]["announced"] == 3);
    CHECK(stage.service.status()["routes"]["kept"] == 2);
    Subscription events = stage.service.subscribe("restarted replaying replayed");
    static_cast<void>(events.next("state"));
    stage.exabgp.clear_history();
    stage.exabgp.restart();
    CHECK(events.next()["type"] == "restarted");
    const Json replaying = events.next(), replayed = events.next();
    CHECK(replaying["type"] == "replaying");
    CHECK(replaying["routes"] == 2);
    CHECK(replaying["not_kept"] == 1);
    CHECK(replayed["type"] == "replayed");
    CHECK(replayed["routes"] == 2);
    CHECK(replayed["refused"] == 0);
    CHECK(sent(stage.exabgp) == Lines{announcement(1), announcement(3)});
    CHECK(routes_of(stage.service) == Lines{announcement(1), announcement(3)});
    CHECK(stage.service.status()["routes"]["gone"] == 1);
}

TEST_CASE("the end-of-RIB that is configured follows the kept routes") {
    Stage stage("[routes]\neor = [\"ipv4 unicast\"]\n");
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");
    stage.exabgp.clear_history();
    stage.exabgp.restart();
    const std::string eor = "peer * announce eor ipv4 unicast";
    REQUIRE(eventually([&] { return stage.exabgp.count_of(eor) == 1; }));
    const auto lines = stage.exabgp.received();
    const auto place = [&](const std::string& line) {
        return std::find(lines.begin(), lines.end(), line) - lines.begin();
    };
    CHECK(place(announcement(1)) < place(eor));
    CHECK(eventually([&] { return stage.service.status()["routes"]["replaying"].is_null(); }));
}

TEST_CASE("what was withdrawn stays withdrawn") {
    Stage stage;
    TestClient keeper = keeping(stage.service);
    for (int i = 1; i <= 3; ++i) CHECK(keeper.command(announcement(i)).terminator == "done");
    // By anybody, and in any spelling.
    CHECK(stage.service.client().command("withdraw route 10.0.1.0/24").terminator == "error");
    CHECK(stage.service.client()
              .command("peer  * withdraw route 10.0.2.0/24 next-hop 192.0.2.9")
              .terminator == "done");
    CHECK(stage.service.run({"run", "withdraw", "route", "10.0.3.0/24"}).status == 0);
    CHECK(routes_of(stage.service) == Lines{announcement(1)});
    stage.exabgp.clear_history();
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return sent(stage.exabgp).size() == 1; }));
    CHECK(sent(stage.exabgp) == Lines{announcement(1)});
}

TEST_CASE("done means that it is on disk: exapulsed is killed at once, and ExaBGP restarts alone") {
    Stage stage;
    {
        TestClient keeper = keeping(stage.service);
        for (int i = 0; i < 20; ++i) keeper.send_line(announcement(i));
        for (int i = 0; i < 20; ++i) CHECK(keeper.read_answer().terminator == "done");
        CHECK(keeper.command("peer * withdraw route 10.0.7.0/24").terminator == "done");
    }
    stage.service.process().signal(SIGKILL);
    REQUIRE(stage.service.process().wait_exit());
    stage.exabgp.clear_history();
    stage.exabgp.restart();
    stage.service.start();
    REQUIRE(eventually([&] { return sent(stage.exabgp).size() == 19; }));
    CHECK(routes_of(stage.service, true).size() == 19);
    const std::vector<std::string> reported{"history", "--json", "--type", "replayed"};
    REQUIRE(eventually([&] { return !stage.service.run(reported).out.empty(); }));
    // It has them now, and is the same one.
    stage.service.restart(SIGKILL);
    stage.service.await("up");
    CHECK(stage.service.client().command("test echo ok") == echo_ok);
    CHECK(sent(stage.exabgp).size() == 19);
    CHECK(routes_of(stage.service, true).size() == 19);
}

TEST_CASE("without a memory of the last ExaBGP, one that has all of it gets nothing again") {
    Stage stage;
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");
    const auto start_anew = [&] {
        stage.service.process().signal(SIGTERM);
        REQUIRE(stage.service.process().wait_exit());
        std::filesystem::remove(stage.service.dir() / "state/identity.json");
        stage.exabgp.clear_history();
    };
    start_anew();
    stage.service.start();
    stage.service.await("up");
    CHECK(stage.service.client().command("test echo ok") == echo_ok);
    CHECK(sent(stage.exabgp).empty());
    start_anew();
    stage.exabgp.restart();
    stage.service.start();
    CHECK(eventually([&] { return sent(stage.exabgp) == Lines{announcement(1)}; }));
}

TEST_CASE("an exapulsed that is killed in the middle of a replay begins it again") {
    constexpr std::size_t count = 400;
    Stage stage("[routes]\nbatch = 1\n");
    {
        TestClient keeper = keeping(stage.service);
        for (std::size_t i = 0; i < count; ++i)
            keeper.send_line(fmt::format("peer * announce route 10.{}.{}.0/24 next-hop 192.0.2.1",
                                         i / 200, i % 200));
        for (std::size_t i = 0; i < count; ++i) CHECK(keeper.read_answer(30s).terminator == "done");
    }
    // It stops answering in the middle, so that the replay can't end before exapulsed is killed.
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return !sent(stage.exabgp).empty(); }));
    stage.exabgp.silence(true);
    stage.service.process().signal(SIGKILL);
    REQUIRE(stage.service.process().wait_exit());
    stage.exabgp.silence(false);
    stage.service.start();
    REQUIRE(eventually([&] {
        auto lines = sent(stage.exabgp);
        std::sort(lines.begin(), lines.end());
        lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
        return lines.size() == count;
    }));
}

TEST_CASE("an ExaBGP that restarts in the middle of a replay gets all of it") {
    constexpr std::size_t count = 400;
    Stage stage;
    TestClient keeper = keeping(stage.service);
    for (std::size_t i = 0; i < count; ++i)
        keeper.send_line(fmt::format("peer * announce route 10.{}.{}.0/24 next-hop 192.0.2.1",
                                     i / 200, i % 200));
    for (std::size_t i = 0; i < count; ++i) CHECK(keeper.read_answer(30s).terminator == "done");
    Subscription events = stage.service.subscribe("replayed");
    static_cast<void>(events.next("state"));
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return !sent(stage.exabgp).empty(); }));
    stage.exabgp.restart();
    REQUIRE(eventually([&] {
        const Json routes = stage.service.status()["routes"];
        return routes["replaying"].is_null() && routes["kept"] == count;
    }));
    const Json last = events.next("replayed");
    CHECK(last["refused"] == 0);
    CHECK(last["routes"] == count);
}

TEST_CASE("kept on pipes: ExaBGP 4.2 and 5.0, in their spelling") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        CAPTURE(static_cast<int>(dialect));
        const TempDir dir;
        PipesSimulator exabgp(dir / "exabgp", dialect);
        Service service("", {"", "1h", {"--fifo", exabgp.name()}, {}, {}});
        service.await("up");
        const std::string line = "announce route 10.0.1.0/24 next-hop 192.0.2.1";
        CHECK(keeping(service).command(line).terminator == "done");
        exabgp.clear_history();
        exabgp.restart();
        CHECK(eventually([&] { return exabgp.count_of(line) == 1; }));
        CHECK(routes_of(service) == Lines{line});
    }
}

TEST_CASE("exapulse run --keep, and exapulse routes") {
    Stage stage;
    const auto kept = stage.service.run(
        {"run", "--keep", "announce", "route", "10.0.1.0/24", "next-hop", "192.0.2.1"});
    CHECK_MESSAGE(kept.status == 0, kept.err);
    CHECK(stage.service.run({"run", "-"}, announcement(2) + "\n").status == 0);
    CHECK(stage.service.run({"run", "-k", "-"}, announcement(3) + "\n").status == 0);
    const auto all = stage.service.run({"routes"}), some = stage.service.run({"routes", "--kept"});
    CHECK(has(all.out, "unicast 10.0.2.0/24"));
    CHECK(has(all.out, "3 routes, 2 of them kept"));
    CHECK(has(some.out, "unicast 10.0.1.0/24"));
    CHECK_FALSE(has(some.out, "unicast 10.0.2.0/24"));
    CHECK(has(stage.service.run({"routes", "10.0.3"}).out, "1 route, 1 of them kept"));
    const auto line = stage.service.run({"routes", "--json", "--owner", "0", "10.0.3"}).out;
    CHECK(Json::parse(line)["command"] == announcement(3));
    const auto none = stage.service.run({"routes", "--owner", "nobody-at-all"});
    CHECK(none.status == 0);
    CHECK(has(none.err, "no such route"));
}

TEST_CASE("keep off, keep in vain, and keep for everybody") {
    Stage stage;
    TestClient client = keeping(stage.service);
    CHECK(client.command("sidecar keep off").terminator == "done");
    CHECK(client.command(announcement(1)).terminator == "done");
    CHECK(routes_of(stage.service, true).empty());
    CHECK(client.command("sidecar keep perhaps").lines.at(0).starts_with("error: bad-input: "));

    Stage forgetful("[history]\nstore = false\n");
    const Answer answer = forgetful.service.client().command("sidecar keep on");
    CHECK(answer.lines.at(0).starts_with("error: bad-input: "));
    const auto run = forgetful.service.run({"run", "--keep", "announce", "route", "10.0.1.0/24"});
    CHECK(run.status == 2);
    CHECK(has(run.err, "history.store is false"));
    CHECK(forgetful.exabgp.received().empty());

    Stage all("[routes]\nkeep = \"all\"\n");
    CHECK(all.service.client().command(announcement(1)).terminator == "done");
    CHECK(routes_of(all.service, true).size() == 1);
}

TEST_CASE("routes that are lost make room for others") {
    Stage stage("[limits]\nroutes = 2\n");
    TestClient client = stage.service.client();
    for (int i = 1; i <= 2; ++i) CHECK(client.command(announcement(i)).terminator == "done");
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return stage.service.status()["routes"]["gone"] == 2; }));
    CHECK(keeping(stage.service).command(announcement(3)).terminator == "done");
    CHECK(stage.service.status()["routes"]["gone"] == 0);
    CHECK(stage.service.logs("2 routes lost with an earlier ExaBGP are forgotten"));
}

TEST_CASE("no more routes are remembered than limits.routes, which is told") {
    Stage stage("[limits]\nroutes = 2\n");
    TestClient keeper = keeping(stage.service);
    CHECK(keeper.command(announcement(1)).terminator == "done");
    CHECK(keeper.command(announcement(2)).terminator == "done");
    const Answer answer = keeper.command(announcement(3));
    CHECK(answer.lines.back().starts_with("error: not-saved: "));
    CHECK(has(answer.lines.back(), "limits.routes (2)"));
    CHECK(stage.exabgp.count_of(announcement(3)) == 1);
    CHECK(stage.service.client().command(announcement(4)).terminator == "done");
    CHECK(keeper.command(announcement(2)).terminator == "done");
    CHECK(routes_of(stage.service, true).size() == 2);
    CHECK(stage.service.logs("limits.routes (2) are remembered"));
}

TEST_CASE(
    "a file that can't be used: announced is told true, nothing is forgotten, all is made up") {
    Stage stage;
    {
        TestClient keeper = keeping(stage.service);
        for (int i = 1; i <= 3; ++i) CHECK(keeper.command(announcement(i)).terminator == "done");
    }
    HiddenHistory history(stage.service);
    CHECK(stage.service.logs("those that are kept can't be read"));
    const Answer answer = keeping(stage.service).command(announcement(4));
    CHECK(answer.terminator == "error");
    CHECK(answer.lines.back().starts_with("error: not-saved: "));
    CHECK(stage.exabgp.count_of(announcement(4)) == 1);
    CHECK(stage.service
              .run({"run", "--keep", "announce", "route", "10.0.5.0/24", "next-hop", "192.0.2.1"})
              .status == 3);
    CHECK(stage.service.client().command(announcement(6)).terminator == "done");
    // One that is kept in the file, which exapulsed can't know.
    const Answer withdrawn = stage.service.client().command("peer * withdraw route 10.0.2.0/24");
    CHECK(withdrawn.lines.back().starts_with("error: not-saved: "));
    const Lines expected{announcement(1), announcement(3), announcement(4), announcement(5)};
    stage.exabgp.clear_history();
    history.show();
    REQUIRE(eventually([&] { return routes_of(stage.service, true) == expected; }, 30s));
    CHECK(eventually([&] { return sent(stage.exabgp) == expected; }));
    CHECK(keeping(stage.service).command(announcement(6)).terminator == "done");
    stage.service.process().signal(SIGKILL);
    REQUIRE(stage.service.process().wait_exit());
    stage.service.start();
    stage.service.await("up");
    CHECK(routes_of(stage.service, true).size() == 5);
}

TEST_CASE("what was kept, withdrawn and forgotten while the file can't be read stays so") {
    Stage stage;
    for (int i = 1; i <= 2; ++i)
        CHECK(keeping(stage.service).command(announcement(i)).terminator == "done");
    HiddenHistory history(stage.service);
    CHECK(stage.service.logs("those that are kept can't be read"));
    TestClient client = stage.service.client();
    for (int i = 2; i <= 6; ++i) CHECK_FALSE(client.command(announcement(i)).terminator.empty());
    CHECK(keeping(stage.service).command(announcement(7)).terminator == "error");
    const auto act = [&](const std::string& verb, int number) {
        for (const std::string& line : client.command("sidecar routes").lines)
            if (const Json route = Json::parse(line); route["command"] == announcement(number))
                return client.command(fmt::format("sidecar {} {}", verb, route["number"].dump()));
        return Answer{};
    };
    CHECK(has(act("keep", 3).lines.back(), "error: not-saved: "));
    // The file may have them, and would be read by an exapulsed that is started now.
    CHECK(has(act("forget", 2).lines.back(), "error: not-saved: "));
    CHECK(has(act("forget", 4).lines.back(), "error: not-saved: "));
    CHECK(has(act("withdraw", 5).lines.back(), "error: not-saved: "));
    CHECK(has(act("withdraw", 7).lines.back(), "error: not-saved: "));
    stage.exabgp.clear_history();
    history.show();
    REQUIRE(stage.service.logs("those that are kept have been read"));
    CHECK(routes_of(stage.service) == Lines{announcement(1), announcement(3), announcement(6)});
    const Lines kept{announcement(1), announcement(3)};
    CHECK(routes_of(stage.service, true) == kept);
    CHECK(eventually([&] { return sent(stage.exabgp) == kept; }));
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");  // it is written
    stage.service.restart(SIGKILL);
    stage.service.await("up");
    CHECK(routes_of(stage.service, true) == Lines{announcement(3), announcement(1)});
}

TEST_CASE("what was lost with an ExaBGP while the file can't be read stays lost") {
    Stage stage;
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");
    HiddenHistory history(stage.service);
    CHECK(stage.service.logs("those that are kept can't be read"));
    TestClient client = stage.service.client();
    CHECK_FALSE(client.command(announcement(1)).terminator.empty());
    CHECK(client.command(announcement(2)).terminator == "done");
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return stage.service.status()["routes"]["gone"] == 2; }));
    CHECK(client.command(announcement(3)).terminator == "done");
    history.show();
    REQUIRE(stage.service.logs("those that are kept have been read"));
    CHECK(routes_of(stage.service) == Lines{announcement(1), announcement(3)});
    CHECK(stage.service.status()["routes"]["gone"] == 1);
    CHECK(eventually([&] { return stage.exabgp.routes() == Lines{"10.0.3.0/24", "10.0.1.0/24"}; }));
}

TEST_CASE("a command about listed routes is done once it is on disk") {
    Stage stage;
    TestClient client = keeping(stage.service);
    REQUIRE(client.command(announcement(1)).terminator == "done");
    const std::string number =
        Json::parse(client.command("sidecar routes").lines.at(0))["number"].dump();
    Database other(stage.service.dir() / "state/history.db", Database::Access::ReadWrite);
    other.execute("BEGIN IMMEDIATE");
    SUBCASE("withdraw") {
        REQUIRE(client.send_line("sidecar withdraw " + number));
        REQUIRE(eventually([&] { return routes_of(stage.service).empty(); }));
        CHECK(stage.exabgp.routes().empty());
    }
    SUBCASE("forget") {
        REQUIRE(client.send_line("sidecar forget " + number));
        REQUIRE(eventually([&] { return routes_of(stage.service).empty(); }));
    }
    SUBCASE("keep, of one that is kept and not saved yet") {
        TestClient first = keeping(stage.service);
        REQUIRE(first.send_line(announcement(2)));
        REQUIRE(eventually([&] { return routes_of(stage.service, true).size() == 2; }));
        const std::string second =
            Json::parse(client.command("sidecar routes").lines.at(1))["number"].dump();
        REQUIRE(client.send_line("sidecar keep " + second));
    }
    Answer answer = client.read_answer(200ms);
    CHECK(answer.terminator != "done");
    const Lines listed = routes_of(stage.service);
    other.execute("ROLLBACK");
    if (answer.terminator.empty()) answer = client.read_answer();
    if (answer.terminator !=
        "done") {  // exapulsed waits for 1 s for a file that others have locked
        CHECK(has(answer.lines.back(), "error: not-saved: "));
        return;
    }
    stage.service.restart(SIGKILL);
    CHECK(routes_of(stage.service) == listed);
}

TEST_CASE("a withdrawal that could not be saved is not done when it is repeated") {
    Stage stage;
    TestClient client = keeping(stage.service);
    REQUIRE(client.command(announcement(1)).terminator == "done");
    Database other(stage.service.dir() / "state/history.db", Database::Access::ReadWrite);
    other.execute("BEGIN IMMEDIATE");
    for (int i = 0; i < 2; ++i) {
        const Answer answer = client.command("peer * withdraw route 10.0.1.0/24");
        REQUIRE(answer.terminator == "error");
        CHECK(has(answer.lines.back(), "error: not-saved: "));
    }
    CHECK(client.command("peer * withdraw route 10.0.2.0/24").terminator == "done");
    other.execute("ROLLBACK");
    CHECK(eventually(
        [&] { return client.command("peer * withdraw route 10.0.1.0/24").terminator == "done"; }));
    stage.service.restart(SIGKILL);
    CHECK(routes_of(stage.service).empty());
}

TEST_CASE("whoever has a route withdrawn that is being withdrawn waits for it as well") {
    Stage stage;
    TestClient client = keeping(stage.service), other = stage.service.client();
    REQUIRE(client.command(announcement(1)).terminator == "done");
    stage.exabgp.silence(true);
    REQUIRE(client.send_line("sidecar withdraw 1"));
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["in_flight"] == 1; }));
    REQUIRE(other.send_line("sidecar withdraw 1"));
    CHECK_FALSE(other.read_line(200ms));
    stage.exabgp.silence(false);
    for (TestClient* asker : {&client, &other}) {
        const Answer answer = asker->read_answer();
        CHECK(answer.terminator == "done");
        CHECK(Json::parse(answer.lines.at(0))["done"] == 1);
    }
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE(
    "a route that is not kept is done while a replay sends it, also if nothing can be saved") {
    Stage stage("[history]\nstore = false\n");
    TestClient client = stage.service.client(), other = stage.service.client();
    REQUIRE(client.command(announcement(1)).terminator == "done");
    stage.exabgp.silence(true);
    REQUIRE(client.send_line(announcement(1)));
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["in_flight"] == 1; }));
    REQUIRE(other.send_line("sidecar replay 1"));
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["in_flight"] == 2; }));
    stage.exabgp.silence(false);
    CHECK(client.read_answer().terminator == "done");
    CHECK_FALSE(other.read_answer().terminator.empty());
}

TEST_CASE("an exapulsed that is stopped answers for what is being saved") {
    Stage stage;
    TestClient client = keeping(stage.service);
    Database other(stage.service.dir() / "state/history.db", Database::Access::ReadWrite);
    other.execute("BEGIN IMMEDIATE");
    REQUIRE(client.send_line(announcement(1)));
    REQUIRE(eventually([&] { return stage.exabgp.count_of(announcement(1)) == 1; }));
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.logs("exapulsed is stopping"));
    other.execute("ROLLBACK");
    // Or, where this took longer than exapulsed waits for a file that others have locked,
    // not-saved.
    const Answer answer = client.read_answer();
    CHECK_FALSE(answer.terminator.empty());
    REQUIRE(stage.service.process().wait_exit());
    stage.service.start();
    CHECK(routes_of(stage.service, true).size() == (answer.terminator == "done" ? 1 : 0));
}

TEST_CASE("an exapulsed that is stopped answers for routes that were to be announced again") {
    Stage stage;
    TestClient client = keeping(stage.service);
    CHECK(client.command(announcement(1)).terminator == "done");
    stage.exabgp.silence(true);
    REQUIRE(client.send_line("sidecar replay 1"));
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["in_flight"] == 1; }));
    stage.service.process().signal(SIGTERM);
    const Answer answer = client.read_answer();
    REQUIRE(answer.terminator == "error");
    CHECK(answer.lines.back().starts_with("error: outcome-unknown: "));
    CHECK(stage.service.process().wait_exit() == 0);
}

TEST_CASE("what was announced and withdrawn at once does not come back with the next exapulsed") {
    constexpr int count = 100;
    Stage stage;
    TestClient client = keeping(stage.service);
    std::string batch;
    for (int i = 0; i < count; ++i)
        batch += announcement(i) + fmt::format("\npeer * withdraw route 10.0.{}.0/24\n", i);
    REQUIRE(client.send_raw(batch));
    for (int i = 0; i < 2 * count; ++i) REQUIRE(client.read_answer().terminator == "done");
    stage.service.restart(SIGKILL);
    CHECK(routes_of(stage.service).empty());
}

TEST_CASE("a file that takes events and no routes is tried again now and then, not all the time") {
    Stage stage;
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");
    Database(stage.service.dir() / "state/history.db", Database::Access::ReadWrite)
        .execute("DROP TABLE route");
    const auto end = std::chrono::steady_clock::now() + 1s;
    while (std::chrono::steady_clock::now() < end)
        CHECK(keeping(stage.service).command(announcement(2)).terminator == "error");
    const std::string log = stage.service.log();
    std::size_t failures = 0;
    for (auto at = log.find("no such table"); at != std::string::npos;
         at = log.find("no such table", at + 1))
        ++failures;
    CHECK(failures >= 1);
    CHECK(failures <= 6);
}

TEST_CASE("the file that takes the place of a damaged one says as well that ExaBGP has all") {
    Stage stage;
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    damage_schema(stage.service.dir() / "state/history.db");
    static_cast<void>(keeping(stage.service).command(announcement(2)));
    REQUIRE(stage.service.logs(" was damaged; it is kept as "));
    REQUIRE(eventually(
        [&] { return keeping(stage.service).command(announcement(2)).terminator == "done"; }));
    stage.exabgp.clear_history();
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    CHECK(routes_of(stage.service, true) == Lines{announcement(1), announcement(2)});
    CHECK(keeping(stage.service).command(announcement(1)).terminator == "done");
    CHECK(sent(stage.exabgp) == Lines{announcement(1)});
}

TEST_CASE("a route that ExaBGP refuses at the replay is reported with its line, and stays kept") {
    Stage stage;
    TestClient keeper = keeping(stage.service);
    CHECK(keeper.command(announcement(1)).terminator == "done");
    CHECK(
        keeper.command("peer 127.0.0.1 announce route 10.0.2.0/24 next-hop 192.0.2.1").terminator ==
        "done");
    Subscription events = stage.service.subscribe("replayed");
    static_cast<void>(events.next("state"));
    stage.exabgp.set_answer("peer 127.0.0.1 announce", "error: no\nerror\n");
    stage.exabgp.restart();
    const Json replayed = events.next("replayed");
    CHECK(replayed["routes"] == 1);
    CHECK(replayed["refused"] == 1);
    CHECK(replayed["reasons"][0] ==
          "peer 127.0.0.1 announce route 10.0.2.0/24 next-hop 192.0.2.1: no");
    CHECK(routes_of(stage.service, true).size() == 2);
}

}  // namespace exapulse::test
