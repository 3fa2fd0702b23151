// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes` and what it does with the routes that fit.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/hidden_history.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/harness/terminal.hpp"

namespace exapulse::test {

namespace {

/// A stage with routes 10.9.0.0/24 and so on: the first `kept` of them kept.
struct Announced : Stage {
    Announced(int count, int kept) {
        TestClient keeper = service.client(), other = service.client();
        REQUIRE(keeper.command("sidecar keep on").terminator == "done");
        REQUIRE(other.command("sidecar owner dns").terminator == "done");
        for (int i = 0; i < count; ++i) {
            TestClient& by = i < kept ? keeper : other;
            const auto line =
                fmt::format("peer * announce route 10.9.{}.0/24 next-hop 192.0.2.1", i);
            REQUIRE(by.command(line).terminator == "done");
        }
    }
    [[nodiscard]] Json count(const char* what) const { return service.status()["routes"][what]; }
};

}  // namespace

TEST_CASE("exapulse routes: shown, exported, and imported where nothing is announced") {
    Announced from(3, 2);
    const auto table = from.service.run({"routes"});
    CHECK(table.status == 0);
    CHECK(has(table.out, "unicast 10.9.2.0/24"));
    CHECK(has(table.out, "(dns)"));
    CHECK(has(table.out, "3 routes, 2 of them kept"));
    const auto exported = from.service.run({"routes", "export", "--kept"});
    CHECK(exported.out ==
          "peer * announce route 10.9.0.0/24 next-hop 192.0.2.1\n"
          "peer * announce route 10.9.1.0/24 next-hop 192.0.2.1\n");
    Stage to;
    CHECK(to.service.run({"routes", "import", "-"}, exported.out).status == 0);
    CHECK(to.service.status()["routes"]["kept"] == 2);
    CHECK(has(to.service.run({"routes", "--owner", "nobody-here"}).err, "no such route"));
}

TEST_CASE("exapulse routes replay: what is lost comes back by one command, with its owner") {
    Announced stage(4, 1);
    stage.exabgp.restart();
    REQUIRE(eventually([&] { return stage.count("gone") == 3; }));
    REQUIRE(eventually([&] { return stage.count("replaying").is_null(); }));
    CHECK(has(stage.service.run({"status"}).out,
              "3 more lost:  exapulse routes replay --remembered"));
    CHECK(has(stage.service.run({"routes"}).out, "3 lost"));
    const auto one = stage.service.run({"routes", "replay", "--remembered", "10.9.3"});
    CHECK(one.status == 0);
    CHECK(has(one.err, "announced 1 route"));
    CHECK(stage.count("gone") == 2);
    CHECK(stage.service.run({"routes", "replay", "--remembered", "--owner", "dns"}).status == 0);
    CHECK(stage.count("gone") == 0);
    CHECK(stage.count("announced") == 4);
    CHECK(stage.service.run({"routes", "keep", "--owner", "dns"}).status == 0);
    CHECK(stage.count("kept") == 4);
    stage.exabgp.stop();
    REQUIRE(eventually([&] { return stage.service.status()["state"] != "up"; }));
    CHECK(stage.service.run({"routes", "replay"}).status == 4);
}

TEST_CASE("exapulse routes withdraw and forget: those that fit, and never all by mistake") {
    Announced stage(12, 6);
    for (const char* action : {"withdraw", "forget"}) {
        const auto refused = stage.service.run({"routes", action});
        CHECK(refused.status == 2);
        CHECK(has(refused.err, "--all"));
    }
    CHECK(stage.service.run({"routes", "10.9.1.0/24", "10.9.2.0/24"}).status == 2);
    CHECK(stage.service.run({"routes", "withdraw", "10.9.1.0/24"}).status == 0);
    CHECK(stage.count("announced") == 11);
    CHECK(has(stage.exabgp.received().back(), "withdraw route 10.9.1.0/24"));
    const auto sent = stage.exabgp.received().size();
    CHECK(stage.service.run({"routes", "forget", "--owner", "dns"}).status == 0);
    CHECK(stage.exabgp.received().size() == sent);
    CHECK(stage.count("announced") == 5);
    CHECK(stage.service.run({"routes", "withdraw", "--all", "--yes"}).status == 0);
    CHECK(stage.count("announced") == 0);
}

TEST_CASE("exapulse routes withdraw and forget go on where nothing can be saved, and say so once") {
    Stage stage;
    const HiddenHistory history(stage.service);
    constexpr int routes = 600;  // more than one line has the numbers of
    std::string batch;
    for (int i = 0; i < routes; ++i)
        batch += fmt::format("peer * announce route 10.{}.{}.0/24 next-hop 192.0.2.1\n",
                             20 + i / 200, i % 200);
    TestClient client = stage.service.client();
    REQUIRE(client.send_raw(batch));
    for (int i = 0; i < routes; ++i) REQUIRE(client.read_answer().terminator == "done");
    std::string action = "withdraw", past = "withdrew 600 routes";
    SUBCASE("withdraw") {}
    SUBCASE("forget") {
        action = "forget";
        past = "forgot 600 routes";
    }
    const auto ended = stage.service.run({"routes", action, "--all", "--yes"});
    CAPTURE(ended.err);
    CHECK(ended.status == 3);
    CHECK(has(ended.err, past));
    const auto told = ended.err.find("could not be saved");
    CHECK(told != std::string::npos);
    CHECK(ended.err.find("could not be saved", told + 1) == std::string::npos);
    CHECK(stage.service.status()["routes"]["announced"] == 0);
}

TEST_CASE("exapulse routes withdraw asks a person before more than ten") {
    Announced stage(12, 0);
    const auto on_terminal = [&](const std::string& answer) {
        Terminal terminal({require_environment("EXAPULSE"), "--socket", stage.service.socket(),
                           "routes", "withdraw", "--owner", "dns"},
                          {});
        REQUIRE(terminal.shows("withdraw 12 routes? [y/N]"));
        terminal.type(answer);
        terminal.press("Enter");
        return terminal.wait_exit();
    };
    CHECK(on_terminal("no") == 2);
    CHECK(stage.count("announced") == 12);
    CHECK(on_terminal("y") == 0);
    CHECK(stage.count("announced") == 0);
}

}  // namespace exapulse::test
