// SPDX-License-Identifier: BSD-3-Clause
// `exapulse routes check` against what a real ExaBGP has in its Adj-RIB-Out.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/real/real_stage.hpp"
#include "tests/support/harness/has.hpp"

using namespace exapulse::test;

TEST_SUITE_BEGIN("real exabgp only");

namespace {

/// A peer that never connects, with these families.
std::string peer_with(const std::string& address, const std::string& families,
                      const std::string& further = "") {
    return fmt::format(R"(neighbor {} {{
	router-id 10.0.0.9;
	local-address 127.0.0.1;
	local-as 65000;
	peer-as 65001;
	passive true;
	family {{ {} }}
	{}
}}
)",
                       address, families, further);
}

constexpr const char* many_families =
    "ipv4 unicast; ipv6 unicast; ipv4 nlri-mpls; ipv4 mpls-vpn; ipv4 flow; l2vpn vpls;";

/// A helper of ExaBGP's that says what is in a file, once that is there. It ends with its ExaBGP.
class RouteHelper {
  public:
    RouteHelper() {
        std::ofstream script(dir_ / "helper.sh");
        script << fmt::format(
            "while [ ! -e {0} ]; do kill -0 $PPID || exit; sleep 0.05; done\n"
            "cat {0}\nwhile read -r answer; do :; done\n",
            dir_ / "commands");
    }

    /// For ExaBGP's configuration.
    [[nodiscard]] std::string process() const {
        return fmt::format("process helper {{\n\trun /bin/sh {};\n\tencoder text;\n}}\n",
                           dir_ / "helper.sh");
    }
    static constexpr const char* api = "api { processes [ helper ]; }";

    void say(const std::string& lines) const {
        std::ofstream(dir_ / "new") << lines << std::flush;
        std::filesystem::rename(dir_ / "new", dir_ / "commands");
    }

  private:
    TempDir dir_;
};

void announce(const RealStage& stage, const std::vector<std::string>& lines) {
    std::string batch;
    for (const std::string& line : lines) batch += line + "\n";
    const auto run = stage.service->run({"run", "--keep", "--batch", "-"}, batch);
    REQUIRE_MESSAGE(run.status == 0, run.err);
}

Service::Run check(const RealStage& stage, std::vector<std::string> options = {}) {
    std::vector<std::string> words{"routes", "check"};
    words.insert(words.end(), options.begin(), options.end());
    return stage.service->run(words);
}

/// What `--json` prints, of the findings of this kind.
std::vector<Json> findings(const RealStage& stage, const std::string& kind) {
    std::vector<Json> found;
    std::istringstream lines(check(stage, {"--json"}).out);
    for (std::string line; std::getline(lines, line);) {
        const Json object = Json::parse(line);
        if (object["finding"] == kind) found.push_back(object);
    }
    return found;
}

std::string flow_rule(int number) {
    return fmt::format("flow route {{ match {{ source 10.0.{}.0/24; }} then {{ discard; }} }}",
                       number);
}

void clear_rib(const RealStage& stage) {
    const char* command = stage.exabgp->has_pipes() ? "clear adj-rib out" : "rib clear out";
    const auto run = stage.service->run({"run", command});
    REQUIRE_MESSAGE(run.status == 0, run.err);
}

const std::vector<std::string> routes_of_families{
    "announce route 10.1.0.0/24 next-hop 192.0.2.1",
    "announce route 10.1.1.0/24 next-hop self med 5 local-preference 300 origin egp community "
    "[65000:1 65000:2 no-export]",
    "announce attributes next-hop 192.0.2.1 med 9 large-community [ 65000:1:2 ] nlri 10.2.0.0/24 "
    "10.2.1.0/24",
    "announce route 10.1.2.0/24 next-hop 192.0.2.1 as-path [ 65000 65010 ] extended-community [ "
    "target:65000:1 ]",
    "announce route 2001:DB8:1::/48 next-hop 2001:DB8::1 community 65000:7",
    "announce route 10.1.4.0/24 rd 65000:1 label 100 next-hop 192.0.2.1",
    "announce route 10.1.5.0/24 label 100 next-hop 192.0.2.1",
    "announce route 10.1.6.0/24 next-hop 192.0.2.1 path-information 0.0.1.1",
    "announce route 10.1.6.0/24 next-hop 192.0.2.1 path-information 2",
    "announce vpls rd 192.168.201.1:123 endpoint 5 base 10702 offset 1 size 8 next-hop "
    "192.168.201.1",
    "announce flow route { match { source 10.0.0.1/32; protocol tcp; } then { discard; } }",
    "announce flow route { match { destination 10.0.0.2/32; packet-length >200&<300; } then { "
    "rate-limit 9600; } }",
};

}  // namespace

TEST_CASE("routes check: what was announced is there, until ExaBGP loses it, and --repair helps") {
    const RealStage stage(peer_with("127.0.0.5", many_families),
                          "[commands]\nunguarded = [\"flush\"]\n");
    announce(stage, routes_of_families);
    announce(stage, {"neighbor 127.0.0.5 announce route 10.3.0.0/24 next-hop 192.0.2.1 med 7"});
    const auto well = check(stage);
    CHECK_MESSAGE(well.status == 0, well.out << well.err);
    CHECK_MESSAGE(has(well.out, "14 routes: all as announced\n"), well.out);
    CHECK(eventually([&] { return stage.bird.has_route("10.1.0.0/24"); }));

    clear_rib(stage);
    CHECK(eventually([&] { return stage.bird.routes().empty(); }));
    const auto lost = check(stage);
    CHECK(lost.status == 1);
    CHECK_MESSAGE(has(lost.out, "14 missing"), lost.out);
    CHECK(has(lost.err, "exapulse routes check --repair"));
    CHECK(findings(stage, "missing").size() == 14);

    const auto repaired = check(stage, {"--repair"});
    CHECK_MESSAGE(repaired.status == 0, repaired.out << repaired.err);
    CHECK(has(repaired.err, "announced 14 routes again"));
    CHECK(check(stage, {"--repair", "-q"}).status == 0);
    CHECK(eventually([&] { return stage.bird.has_route("10.1.0.0/24"); }));
    CHECK(findings(stage, "summary").at(0)["routes"] == 14);
}

TEST_CASE("routes check: what ExaBGP shows in other words than it was announced in") {
    std::vector<std::string> known{
        "announce ipv4 mup mup-isd 10.0.1.0/24 rd 100:100 next-hop 2001:db8::1 extended-community "
        "[ target:10:10 ] bgp-prefix-sid-srv6 ( l3-service 2001:db8:1:1:: 0x48 [64,24,16,0,0,0] )",
        "announce ipv4 mup mup-dsd 10.0.0.1 rd 100:100 next-hop 2001:db8::1 extended-community [ "
        "target:10:10 ]",
        "announce ipv4 mup mup-t1st 192.168.0.2/32 rd 100:100 teid 12345 qfi 9 endpoint 10.0.0.1 "
        "source 10.0.1.1 next-hop 10.0.0.2 extended-community [ target:10:10 ]",
        "announce ipv4 mup mup-t2st 10.0.0.1 rd 100:100 teid 12345/32 next-hop 10.0.0.2 "
        "extended-community [ target:10:10 ]",
        "announce ipv6 mup mup-isd 2001:db8:7::/64 rd 100:100 next-hop 2001:db8::1 "
        "extended-community [ target:10:10 ] bgp-prefix-sid-srv6 ( l3-service 2001:db8:1:1:: 0x47 "
        "[64,24,16,0,0,0] )",
        "announce ipv4 mcast-vpn shared-join rp 10.99.199.1 group 239.251.255.228 rd 65000:99999 "
        "source-as 65000 next-hop 10.10.6.3 extended-community [ target:192.168.94.12:5 ]",
        "announce ipv4 mcast-vpn source-join source 10.99.12.2 group 239.251.255.228 rd "
        "65000:99999 source-as 65000 next-hop 10.10.6.3 extended-community [ "
        "target:192.168.94.12:5 ]",
        "announce ipv6 mcast-vpn source-ad source fd12::4 group ff0e::1 rd 65000:99999 next-hop "
        "10.10.6.3 extended-community [ target:192.168.94.12:5 ]",
        "announce route 239.1.0.0/24 next-hop 192.0.2.1",
        "announce flow route { rd 65000:1; match { source 10.7.0.0/24; } then { discard; } }",
        "announce flow route source 10.5.0.0/24 rate-limit 9600",
        "announce flow route rule-1 { match { source 10.6.0.0/24; tcp-flags [ =syn ]; } then { "
        "discard; } }",
    };
    const std::string dialect = real_dialect();
    std::string further;
    if (dialect != "4.2") further = " ipv4 mup; ipv6 mup; ipv4 mcast-vpn; ipv6 mcast-vpn;";
    if (dialect == "6.0") further += " ipv4 sr-policy;";
    const RealStage stage(
        peer_with("127.0.0.5", "ipv4 unicast; ipv4 flow; ipv4 flow-vpn; ipv4 multicast;" + further),
        "[commands]\nunguarded = [\"flush\"]\n");
    // 4.2 has neither mup nor mcast-vpn, and only 5.0 has `announce ipv4 multicast`.
    if (dialect == "4.2") known.erase(known.begin(), known.end() - 4);
    if (dialect == "6.0")
        known.emplace_back(
            "announce ipv4 sr-policy distinguisher 0 color 100 endpoint 10.1.1.1 next-hop "
            "192.0.2.1 preference 100 binding-sid mpls 24000 segment-list weight 1 segment type-a "
            "mpls 16001");
    if (dialect == "5.0")
        known.insert(known.end(), {"announce ipv4 multicast 239.1.1.0/24 next-hop 192.0.2.1",
                                   "announce ipv4 multicast 10.4.0.0/24 next-hop 192.0.2.1"});
    announce(stage, known);
    const auto well = check(stage);
    CHECK_MESSAGE(well.status == 0, well.out << well.err);
    const Json summary = findings(stage, "summary").at(0);
    CHECK(summary["routes"] == known.size());
    CHECK_MESSAGE(summary["extra"] == 0, well.out);
    CHECK_MESSAGE(summary["not_compared"].empty(), well.out);
    clear_rib(stage);
    CHECK(findings(stage, "missing").size() == known.size());
    const auto repaired = check(stage, {"--repair"});
    CHECK_MESSAGE(repaired.status == 0, repaired.out << repaired.err);
}

TEST_CASE("routes check: a rule that is withdrawn in another spelling is not kept") {
    const RealStage stage(peer_with("127.0.0.5", "ipv4 flow;"));
    std::vector<std::string> changes{
        "announce flow route source 10.5.0.0/24 destination-port =80 discard",
        "announce flow route source 10.5.0.0/24 destination-port =80 rate-limit 9600",
        "withdraw flow route { match { destination-port =80; source 10.5.0.0/24; } }",
        "announce flow route { match { source 10.6.0.0/24; protocol =6; } then { discard; } }",
        "withdraw flow route source-ipv4 10.6.0.0/24 protocol tcp",
    };
    if (stage.exabgp->dialect() != "4.2")
        changes.insert(changes.end(), {"announce ipv4 flow source 10.7.0.0/24 discard",
                                       "announce ipv4 flow source 10.7.0.0/24 redirect 65000:1",
                                       "withdraw flow route source 10.7.0.0/24"});
    announce(stage, changes);
    CHECK(stage.service->status()["routes"]["kept"] == 0);
    CHECK(check(stage, {"--json"}).status == 0);
    CHECK(findings(stage, "extra").empty());
}

TEST_CASE("routes check: what a helper and the configuration announce is extra, or different") {
    const RouteHelper helper;
    const RealStage stage(peer_with("127.0.0.5", "ipv4 unicast; ipv4 flow;",
                                    std::string(RouteHelper::api) +
                                        " static { route 10.9.0.0/24 next-hop 192.0.2.9; }") +
                          helper.process());
    announce(stage, {"announce route 10.1.0.0/24 next-hop 192.0.2.1 med 5 community 65000:1",
                     "announce route 10.1.1.0/24 next-hop 192.0.2.1", "announce " + flow_rule(1),
                     "announce " + flow_rule(2)});
    const auto well = check(stage);
    CHECK_MESSAGE(well.status == 0, well.out << well.err);
    CHECK_MESSAGE(has(well.out, "4 routes: all as announced; 1 extra\n"), well.out);
    CHECK(findings(stage, "extra").at(0)["route"] == "unicast 10.9.0.0/24");

    helper.say(stage.spelled("announce route 10.1.0.0/24 next-hop 192.0.2.1 med 6") + "\n" +
               stage.spelled("withdraw route 10.1.1.0/24") + "\n" +
               stage.spelled("withdraw " + flow_rule(2)) + "\n" +
               stage.spelled("announce route 10.8.0.0/24 next-hop 192.0.2.1") + "\n");
    REQUIRE(eventually([&] { return findings(stage, "extra").size() == 2; }, start_time));
    CHECK(check(stage).status == 1);
    const auto missing = findings(stage, "missing");
    REQUIRE(missing.size() == 2);
    CHECK(missing[1]["command"].get<std::string>().find("10.0.2.0/24") != std::string::npos);
    CHECK(missing[0]["route"] == "unicast 10.1.1.0/24");
    CHECK(missing[0]["peers"] == Json{"127.0.0.5"});
    const auto different = findings(stage, "different");
    REQUIRE(different.size() == 1);
    CHECK(different[0]["route"] == "unicast 10.1.0.0/24");
    CHECK(different[0]["attributes"]["med"]["ledger"] == "5");
    CHECK(different[0]["attributes"]["med"]["exabgp"] == "6");
    CHECK(different[0]["attributes"]["community"]["exabgp"] == "");
    CHECK(check(stage, {"--peer", "127.0.0.2"}).status == 0);
    CHECK(check(stage, {"--peer", "127.0.0.9"}).status == 2);

    const auto repaired = check(stage, {"--repair", "--peer", "127.0.0.5"});
    CHECK_MESSAGE(repaired.status == 0, repaired.out << repaired.err);
    CHECK(check(stage).status == 0);
}

TEST_CASE("routes check: one of many is missing") {
    const RouteHelper helper;
    const RealStage stage(peer_with("127.0.0.5", "ipv4 unicast;", RouteHelper::api) +
                          helper.process());
    std::string many = "announce attributes next-hop 192.0.2.1 med 5 nlri";
    for (int i = 0; i < 200; ++i) many += fmt::format(" 10.100.{}.0/24", i);
    announce(stage, {many});
    const auto well = check(stage);
    CHECK_MESSAGE(well.status == 0, well.out << well.err);
    CHECK_MESSAGE(has(well.out, "200 routes: all as announced"), well.out);
    helper.say(stage.spelled("withdraw route 10.100.77.0/24") + "\n");
    REQUIRE(eventually([&] { return check(stage).status == 1; }, start_time));
    const auto missing = findings(stage, "missing");
    REQUIRE(missing.size() == 1);
    CHECK(missing[0]["route"] == "unicast 10.100.77.0/24");
    CHECK(missing[0]["peers"] == Json{"127.0.0.5"});
    const auto repaired = check(stage, {"--repair"});
    CHECK_MESSAGE(repaired.status == 0, repaired.out << repaired.err);
}

TEST_CASE("routes check: what a stopped ExaBGP was told is settled once it goes on") {
    const RealStage stage(peer_with("127.0.0.5", many_families), "[commands]\ndeadline = \"1s\"\n");
    const std::string first = "10.1.0.0/24", second = "10.1.1.0/24";
    const auto announcement = [](const std::string& prefix, int med) {
        return fmt::format("announce route {} next-hop 192.0.2.1 med {}", prefix, med);
    };
    const auto tell_in_vain = [&](const std::string& command) {
        stage.exabgp->stop();
        const auto run = stage.service->run({"run", "--keep", command});
        CHECK_MESSAGE(run.status == 3, run.err);
        stage.exabgp->cont();
        REQUIRE(eventually([&] { return stage.service->status()["state"] == "up"; }, start_time));
        CHECK(stage.service->run({"run", stage.spelled("version")}).status == 0);
        CHECK(stage.service->status()["routes"]["uncertain"] == 1);
    };
    announce(stage, {announcement(first, 5)});
    tell_in_vain(announcement(second, 5));
    CHECK(findings(stage, "done").size() == 1);
    CHECK(stage.service->status()["routes"]["kept"] == 2);
    CHECK(eventually([&] { return stage.bird.has_route(second); }));

    tell_in_vain(announcement(first, 6));
    CHECK(findings(stage, "done").size() == 1);
    tell_in_vain(stage.spelled(fmt::format("withdraw route {} next-hop 192.0.2.1", second)));
    CHECK(findings(stage, "done").size() == 1);
    CHECK(stage.service->status()["routes"]["kept"] == 1);
    CHECK(stage.service->status()["routes"]["uncertain"] == 0);
    const auto well = check(stage);
    CHECK_MESSAGE(well.status == 0, well.out << well.err);
    CHECK(has(stage.service->run({"routes", "list", "--json"}).out, "med 6"));
}

TEST_SUITE_END();
