// SPDX-License-Identifier: BSD-3-Clause
// What an operator asks exapulsed about its clients and its past.
#include <unistd.h>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/eventually.hpp"

using namespace exapulse::test;

namespace {

Json object_in(const Answer& answer, std::size_t line = 0) {
    REQUIRE(answer.lines.size() > line);
    return Json::parse(answer.lines[line]);
}

}  // namespace

TEST_CASE("history: how it began, then what subscribers were told") {
    Stage stage;
    Subscription events = stage.service.subscribe();
    static_cast<void>(events.next("state"));
    stage.exabgp.bounce();
    const Json lost = events.next("disconnected");
    const Json back = events.next("reconnected");
    TestClient client = stage.service.client();
    const Answer all = client.command("sidecar history");
    CHECK(all.terminator == "done");
    REQUIRE(all.lines.size() == 4);
    CHECK(object_in(all)["state"] == "connecting");
    CHECK(object_in(all)["uuid"].is_null());
    CHECK(object_in(all, 1)["type"] == "connected");
    CHECK(object_in(all, 2) == lost);
    CHECK(object_in(all, 3) == back);

    const Answer chosen = client.command("sidecar history 1h reconnected failed");
    REQUIRE(chosen.lines.size() == 2);
    CHECK(object_in(chosen)["complete"] == false);
    CHECK(object_in(chosen, 1) == back);
    CHECK(client.command("sidecar history 0ms").lines.size() == 1);

    const Answer wrong = client.command("sidecar history recovred");
    CHECK(wrong.lines ==
          std::vector<std::string>{
              "error: bad-input: no event type 'recovred'; did you mean recovered?"});
    CHECK(client.command("sidecar history 24").terminator == "error");
}

TEST_CASE("history is bounded by limits.history") {
    Stage stage("[limits]\nhistory = 1\n");
    Subscription events = stage.service.subscribe();
    stage.exabgp.bounce();
    static_cast<void>(events.next("reconnected"));
    const Answer all = stage.service.client().command("sidecar history");
    REQUIRE(all.lines.size() == 2);
    CHECK(object_in(all)["state"] == "connecting");
    CHECK(object_in(all)["uuid"].is_string());
    CHECK(object_in(all, 1)["type"] == "reconnected");
}

TEST_CASE("clients and kill: who is there, and one is cut") {
    Stage stage;
    TestClient victim = stage.service.client();
    TestClient admin = stage.service.client();
    const auto ids = [&] {
        std::vector<std::uint64_t> found;
        for (const Json& client : object_in(admin.command("sidecar clients"))) {
            CHECK(client["uid"] == getuid());
            CHECK(client["user"].is_string());
            found.push_back(client["id"].get<std::uint64_t>());
        }
        return found;
    };
    const auto before = ids();
    REQUIRE(before.size() == 2);
    CHECK(admin.command("sidecar kill " + std::to_string(before[0])).terminator == "done");
    CHECK(victim.read_line().value_or("").starts_with("error: denied: cut by uid "));
    CHECK(victim.read_line() == "error");
    CHECK(victim.at_eof());
    CHECK(eventually([&] { return ids().size() == 1; }));

    for (const std::string& id : {std::to_string(before[0]), std::string("x"), std::string("1x"),
                                  std::string("-1"), std::string(""), std::string("1 2")}) {
        CAPTURE(id);
        const Answer refused = admin.command("sidecar kill " + id);
        CHECK(refused.terminator == "error");
        CHECK(refused.lines.at(0).starts_with("error: bad-input: no client '"));
    }
    const Answer self = admin.command("sidecar kill " + std::to_string(before[1]));
    CHECK(self.lines.at(0) == "error: bad-input: that is the connection that asks");
}

TEST_CASE("a subscriber is cut without a line that it would take for an event") {
    Stage stage;
    Subscription events = stage.service.subscribe();
    static_cast<void>(events.next("state"));
    TestClient admin = stage.service.client();
    for (const Json& client : object_in(admin.command("sidecar clients")))
        if (client["subscribed"] == true)
            CHECK(admin.command("sidecar kill " + client["id"].dump()).terminator == "done");
    CHECK(eventually([&] { return events.ended(); }));
}
