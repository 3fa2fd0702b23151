// SPDX-License-Identifier: BSD-3-Clause
// Kept routes of several families and their attributes, as BIRD has them.
#include <csignal>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/real/real_stage.hpp"
#include "tests/integration/route_chaos.hpp"

namespace exapulse::test {

namespace {

/// Routes of every family that BIRD has, those with equal attributes one after another.
std::string routes_of_many_families(int of_each) {
    std::string batch;
    const auto add = [&](const std::string& line) { batch += line + "\n"; };
    for (int i = 0; i < of_each; ++i)
        add(
            fmt::format("announce route 10.40.{}.{}/32 next-hop 10.9.9.9 med 5 origin incomplete "
                        "local-preference 50 as-path [ 65001 65010 ] community [ 65000:1 65000:2 ] "
                        "large-community [ 65000:1:2 ] extended-community [ target:65000:7 ]",
                        i / 256, i % 256));
    for (int i = 0; i < of_each; ++i)
        add(
            fmt::format("announce route 2001:db8:{:x}::/48 next-hop 2001:db8::9 community [ "
                        "65000:{} ]",
                        i, i % 3));
    for (int i = 0; i < of_each; ++i)
        add(
            fmt::format("announce route 10.41.{}.{}/32 rd 65000:{} label {} next-hop 10.9.9.9 "
                        "extended-community [ target:65000:1 ]",
                        i / 256, i % 256, i % 5, 100 + i));
    for (int i = 0; i < of_each; ++i)
        add(
            fmt::format("announce flow route {{ match {{ source 10.42.{}.{}/32; destination-port "
                        "=80; }} then {{ discard; }} }}",
                        i / 256, i % 256));
    for (int i = 0; i < of_each; ++i)
        add(fmt::format("announce attributes next-hop 10.9.9.{} med {} nlri 10.43.{}.{}/32", i % 2,
                        i % 7, i / 256, i % 256));
    return batch;
}

/// ExaBGP 6 sorts what it has not sent yet by attributes. A route that is announced again with
/// other attributes stays under the earlier ones as well.
bool mixes_announcements(const ExabgpUnderTest& exabgp) {
    return !exabgp.has_pipes();
}

}  // namespace

TEST_SUITE_BEGIN("real exabgp only");

TEST_CASE("kept routes of five kinds come back with all their attributes, in batches or alone") {
    constexpr int of_each = 200;
    const RealStage stage("", "", Bird::Families::Many);
    const auto kept =
        stage.service->run({"run", "--keep", "--batch", "-"}, routes_of_many_families(of_each));
    REQUIRE_MESSAGE(kept.status == 0, kept.err);
    REQUIRE(eventually([&] { return stage.bird.described_routes().size() == 5 * of_each; },
                       start_time));
    const std::set<std::string> expected = stage.bird.described_routes();
    Subscription events = stage.service->subscribe("replayed");
    static_cast<void>(events.next("state"));
    stage.exabgp->kill();
    stage.exabgp->start();
    const Json replayed = events.next("replayed", std::chrono::seconds(60));
    CHECK(replayed["routes"] == 5 * of_each);
    CHECK_MESSAGE(replayed["refused"] == 0, replayed.dump());
    const auto same = [&] { return stage.bird.described_routes() == expected; };
    CHECK(eventually(same, std::chrono::seconds(60)));
    // One of each family goes, in a spelling of its own.
    const auto withdrawn = stage.service->run(
        {"run", "-"},
        "withdraw route 10.40.0.7/32\n"
        "withdraw route 2001:0db8:0007::/48 next-hop 2001:db8::9\n"
        "withdraw route 10.41.0.7/32 rd 65000:2 label 107 next-hop 10.9.9.9\n"
        "withdraw flow route { match { destination-port =80; source 10.42.0.7/32; } then { "
        "discard; } }\n");
    CHECK_MESSAGE(withdrawn.status == 0, withdrawn.err << withdrawn.out);
    CHECK(stage.service->status()["routes"]["kept"] == 5 * of_each - 4);
    CHECK(eventually([&] { return stage.bird.described_routes().size() == 5 * of_each - 4; },
                     start_time));
}

TEST_CASE("exapulsed killed in the middle of a replay: the next one begins it again") {
    constexpr int kept_count = 3'000;
    const RealStage stage("", "[routes]\nbatch = 1\n");
    std::string batch;
    for (int i = 0; i < kept_count; ++i)
        batch += fmt::format("announce route 10.44.{}.{}/32 next-hop 10.9.9.9\n", i / 256, i % 256);
    const auto kept = stage.service->run({"run", "--keep", "--batch", "-"}, batch);
    REQUIRE_MESSAGE(kept.status == 0, kept.err);
    REQUIRE(eventually([&] { return stage.bird.routes().size() == kept_count; }, start_time));
    const auto expected = stage.bird.routes();
    stage.exabgp->kill();
    stage.exabgp->start();
    REQUIRE(eventually(
        [&] {
            const Json replaying = stage.service->status()["routes"]["replaying"];
            return !replaying.is_null() && replaying["answered"] > 0;
        },
        start_time));
    stage.service->process().signal(SIGKILL);
    REQUIRE(stage.service->process().wait_exit());
    stage.service->start();
    CHECK(eventually([&] { return stage.bird.routes() == expected; }, std::chrono::seconds(60)));
    CHECK(stage.service->status()["routes"]["kept"] == kept_count);
}

TEST_CASE("announced twice and withdrawn at once: ExaBGP 6 leaves it with its peers") {
    constexpr int count = 20;
    const RealStage stage;
    const std::string all = stage.exabgp->has_pipes() ? "" : "peer * ";
    std::string batch;
    for (int i = 0; i < count; ++i)
        for (const std::string& change :
             {fmt::format("announce route 10.45.0.{}/32 next-hop 192.0.2.1", i),
              fmt::format("announce route 10.45.0.{}/32 next-hop 192.0.2.2", i),
              fmt::format("withdraw route 10.45.0.{}/32 next-hop 192.0.2.2", i)})
            batch += all + change + "\n";
    batch += all + "announce route 10.45.1.1/32 next-hop 192.0.2.1\n";
    TestClient client = stage.service->client();
    REQUIRE(client.send_raw(batch));
    for (int i = 0; i < 3 * count + 1; ++i) REQUIRE(client.read_answer().terminator == "done");
    REQUIRE(eventually([&] { return stage.bird.has_route("10.45.1.1/32"); }, start_time));
    CHECK(stage.service->run({"routes", "check"}).status == 0);
    // If this fails on 6.0, ExaBGP is fixed, and the chaos below no longer needs to avoid this.
    const std::size_t left = stage.bird.routes().size() - 1;
    CHECK((left > 0) == mixes_announcements(*stage.exabgp));
    // As exapulsed(8) advises.
    std::string again;
    for (const std::string& prefix : stage.bird.routes())
        again += all + "withdraw route " + prefix + "\n";
    CHECK(stage.service->run({"run", "--batch", "-"}, again).status == 0);
    CHECK(eventually([&] { return stage.bird.routes().empty(); }, start_time));
}

TEST_CASE("chaos of routes: BIRD ends with what the list says, and the list with what was told") {
    const RealStage stage;
    const auto answers = [&] { return stage.service->run({"run", "version"}).status == 0; };
    RouteChaos::run(
        {*stage.service,
         [&] {
             stage.exabgp->kill();
             stage.exabgp->start();
         },
         [&] {
             REQUIRE(eventually(answers, start_time));  // before that it would end
             stage.exabgp->bounce();
         },
         [&] { return stage.bird.routes(); }, stage.exabgp->has_pipes() ? "" : "peer * ",
         !mixes_announcements(*stage.exabgp)},
        30);
}

TEST_SUITE_END();

}  // namespace exapulse::test
