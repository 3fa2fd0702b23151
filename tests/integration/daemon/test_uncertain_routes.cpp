// SPDX-License-Identifier: BSD-3-Clause
// Routes whose command has no known outcome.
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/route_text.hpp"
#include "tests/integration/stage.hpp"

namespace exapulse::test {

namespace {

const std::string an_announcement = "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1";
const std::string another_announcement = "peer * announce route 10.0.0.0/24 next-hop 192.0.2.2";
const std::string withdrawal = "peer * withdraw route 10.0.0.0/24";

struct Doubt : Stage {
    TestClient client = service.client();

    Doubt() : Stage("[commands]\ndeadline = \"500ms\"\n") {
        REQUIRE(client.command("sidecar keep on").terminator == "done");
    }
    /// Sends it to an ExaBGP that is stopped until the deadline has passed.
    void lose(const std::string& command) {
        exabgp.silence(true);
        const Answer answer = client.command(command);
        REQUIRE(answer.terminator == "error");
        REQUIRE(answer.lines.back().starts_with("error: outcome-unknown: "));
        exabgp.silence(false);
        REQUIRE(eventually([&] { return exabgp.count_of(command) == 1; }));
        REQUIRE(client.command("test echo ok") == echo_ok);
    }
    [[nodiscard]] std::vector<Json> routes() const {
        std::vector<Json> all;
        for (const std::string& line : service.client().command("sidecar routes").lines)
            all.push_back(Json::parse(line));
        return all;
    }
    /// The command of the only route, and whether it is uncertain.
    [[nodiscard]] std::string only() const {
        const auto all = routes();
        if (all.size() != 1) return fmt::format("{} routes", all.size());
        return fmt::format("{}{}", all[0]["uncertain"] ? "uncertain: " : "",
                           all[0]["command"].get<std::string>());
    }
    [[nodiscard]] std::string newest() const {
        return fmt::format("{}", routes().back()["number"].get<int>());
    }
};

}  // namespace

TEST_CASE_FIXTURE(Doubt, "an announcement without an answer is listed as uncertain") {
    lose(an_announcement);
    CHECK(only() == "uncertain: " + an_announcement);
    CHECK(service.status()["routes"]["uncertain"] == 1);
    CHECK(service.status()["routes"]["announced"] == 0);
    CHECK(service.status()["routes"]["kept"] == 0);
    SUBCASE("the RIB has it: it is kept, and comes back") {
        CHECK(client.command("sidecar settle done " + newest()).terminator == "done");
        CHECK(only() == an_announcement);
        CHECK(service.status()["routes"]["uncertain"] == 0);
        service.restart(SIGKILL);
        CHECK(only() == an_announcement);
    }
    SUBCASE("the RIB does not have it") {
        CHECK(client.command("sidecar settle not-done " + newest()).terminator == "done");
        CHECK(routes().empty());
    }
    SUBCASE("the client repeats it") {
        CHECK(client.command(an_announcement).terminator == "done");
        CHECK(only() == an_announcement);
    }
    SUBCASE("the client announces another") {
        CHECK(client.command(another_announcement).terminator == "done");
        CHECK(only() == another_announcement);
    }
    SUBCASE("somebody has it announced again") {
        CHECK(client.command("sidecar replay " + newest()).terminator == "done");
        CHECK(only() == an_announcement);
        CHECK(exabgp.count_of(an_announcement) == 2);
        service.restart(SIGKILL);
        CHECK(only() == an_announcement);
    }
    SUBCASE("somebody has it withdrawn, which reaches ExaBGP") {
        CHECK(client.command("sidecar withdraw " + newest()).terminator == "done");
        CHECK(routes().empty());
        CHECK(exabgp.count_of(withdrawal_of(an_announcement)) == 1);
    }
    SUBCASE("ExaBGP restarts: it is lost, and not announced again") {
        exabgp.restart();
        CHECK(eventually([&] { return routes().size() == 1 && routes()[0]["gone"]; }));
        CHECK_FALSE(routes()[0]["uncertain"]);
        CHECK(exabgp.count_of(an_announcement) <= 1);
        CHECK(client.command("sidecar replay " + newest()).terminator == "done");
        CHECK(only() == an_announcement);
    }
    SUBCASE("exapulsed restarts: nothing uncertain is kept on disk") {
        service.restart(SIGKILL);
        CHECK(routes().empty());
    }
}

TEST_CASE_FIXTURE(Doubt, "a withdrawal without an answer leaves the route where it was") {
    CHECK(client.command(an_announcement).terminator == "done");
    lose(withdrawal);
    REQUIRE(routes().size() == 2);
    CHECK(routes()[1]["uncertain"]);
    CHECK(routes()[1]["withdrawn"]);
    CHECK(service.status()["routes"]["kept"] == 1);
    SUBCASE("the RIB does not have it any more") {
        CHECK(client.command("sidecar settle done " + newest()).terminator == "done");
        CHECK(routes().empty());
        service.restart(SIGKILL);
        CHECK(routes().empty());
    }
    SUBCASE("the RIB still has it") {
        CHECK(client.command("sidecar settle not-done " + newest()).terminator == "done");
        CHECK(only() == an_announcement);
    }
    SUBCASE("the withdrawal is sent again") {
        CHECK(client.command("sidecar replay " + newest()).terminator == "done");
        CHECK(routes().empty());
        CHECK(exabgp.count_of(withdrawal) == 2);
    }
    SUBCASE("the client repeats it") {
        CHECK(client.command(withdrawal).terminator == "done");
        CHECK(routes().empty());
    }
}

TEST_CASE_FIXTURE(Doubt, "what is settled meanwhile, and what is certain, is passed over") {
    lose(an_announcement);
    const std::string number = newest();
    CHECK(client.command(another_announcement).terminator == "done");
    const std::string other = newest();
    CHECK(client.command("sidecar settle not-done " + number + " " + other).terminator == "done");
    CHECK(only() == another_announcement);
    for (const std::string line : {"sidecar settle", "sidecar settle done", "sidecar settle so 1",
                                   "sidecar settle done x"}) {
        CAPTURE(line);
        const Answer refused = client.command(line);
        CHECK(refused.terminator == "error");
        CHECK(refused.lines.back().starts_with("error: bad-input: "));
    }
}

TEST_CASE_FIXTURE(Doubt, "an older attempt is not settled as done over a newer one") {
    lose(an_announcement);
    lose(another_announcement);
    REQUIRE(routes().size() == 2);
    const std::string older = fmt::format("{}", routes()[0]["number"].get<int>());
    CHECK(client.command("sidecar settle done " + older).terminator == "done");
    CHECK(routes().size() == 2);
    CHECK(client.command("sidecar settle not-done " + newest()).terminator == "done");
    CHECK(client.command("sidecar settle done " + older).terminator == "done");
    CHECK(only() == an_announcement);
}

TEST_CASE_FIXTURE(Doubt, "a lease that is over withdraws what may have been announced under it") {
    TestClient holder = service.client();
    REQUIRE(holder.command("sidecar lease 1s").terminator == "done");
    std::swap(client, holder);
    lose(an_announcement);
    CHECK(eventually([&] { return exabgp.count_of(withdrawal_of(an_announcement)) == 1; }));
    CHECK(eventually([&] { return routes().empty(); }));
}

}  // namespace exapulse::test
