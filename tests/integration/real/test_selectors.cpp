// SPDX-License-Identifier: BSD-3-Clause
// Which peers a command reaches: exactly those that its selector names, or nobody.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/attach.hpp"
#include "tests/support/pipes_simulator/pipes_simulator.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

using namespace exapulse::test;
using exapulse::Dialect;

namespace {

using Names = std::set<std::string>;

struct Row {
    std::string selector;
    Names reached;  // empty: refused
};

std::string neighbor(const std::string& address, int local_as, int peer_as) {
    return fmt::format(
        "neighbor {} {{\n\trouter-id 10.0.0.9;\n\tlocal-address 127.0.0.1;\n\tlocal-as {};\n"
        "\tpeer-as {};\n\tpassive true;\n}}\n",
        address, local_as, peer_as);
}

}  // namespace

TEST_CASE("raw lines that ExaBGP would apply to other peers are denied, on the socket") {
    for (const Dialect dialect : {Dialect::V6, Dialect::V4}) {
        const TempDir dir;
        ExabgpSimulator exabgp(dir / "exabgp.sock");
        exabgp.set_dialect(dialect);
        const Service service(exabgp.path());
        service.await("up");
        TestClient client = service.client();
        const std::string route = " announce route 10.0.0.0/24 next-hop 192.0.2.1";
        for (const std::string selector :
             {"peer [127.0.0.1, 127.0.0.9]", "peer [* peer-as 64999]", "peer []", "peer 127.0.0.9",
              "peer [127.0.0.1 127.0.0.9]", "neighbor 127.0.0.1, neighbor 127.0.0.9",
              "neighbor * peer-as 64999", "neighbor []", "neighbor 127.0.0.1,,"}) {
            CAPTURE(selector);
            const Answer answer = client.command(selector + route);
            CHECK(answer.terminator == "error");
            REQUIRE(answer.lines.size() == 1);
            CHECK(answer.lines[0].starts_with("error: denied: "));
            CHECK(exabgp.count_of(selector + route) == 0);
        }
        CHECK(client.command("peer [127.0.0.1 peer-as 65001]" + route).terminator == "done");
        CHECK(client.command("peer *" + route).terminator == "done");
        CHECK(client.command("peer 127.0.0.1 announce watchdog x").terminator == "error");
    }
}

TEST_CASE("raw lines that ExaBGP would apply to other peers are denied, on the pipes") {
    for (const Dialect dialect : {Dialect::Pipes42, Dialect::Pipes50}) {
        const TempDir dir;
        PipesSimulator exabgp(dir / "exabgp", dialect);
        Service::Options options;
        options.flags = {"--fifo", exabgp.name()};
        const Service service("", options);
        service.await("up");
        TestClient client = service.client();
        const std::string route = " announce route 10.0.0.0/24 next-hop 192.0.2.1";
        for (const std::string selector :
             {"neighbor 127.0.0.1, neighbor 127.0.0.9", "neighbor 127.0.0.1,,",
              "neighbor * peer-as 64999", "neighbor 127.0.0.1, local-as 65000", "peer [127.0.0.1]",
              "neighbor 127.0.0.9"}) {
            CAPTURE(selector);
            const Answer answer = client.command(selector + route);
            CHECK(answer.terminator == "error");
            REQUIRE(answer.lines.size() == 1);
            CHECK(answer.lines[0].starts_with("error: denied: "));
        }
        CHECK(client.command("neighbor 127.0.0.1 announce watchdog x").lines.size() == 1);
        exabgp.clear_history();
        CHECK(client.command("neighbor 127.0.0.1 peer-as 65001," + route).terminator == "done");
        CHECK(client.command("neighbor 127.0.0.1" + route).terminator == "done");
        CHECK(client.command(route.substr(1)).terminator == "done");
        CHECK_MESSAGE(exabgp.count_of("show neighbor configuration") == 0,
                      "known peers are not asked for again");
        CHECK(service.run({"run", "peer [127.0.0.1, 127.0.0.1]" + route}).status == 0);
        CHECK(service.run({"run", "neighbor *" + route}).status == 0);
    }
}

TEST_SUITE_BEGIN("real exabgp only");

TEST_CASE("a route reaches exactly the peers that its selector names, or the line is refused") {
    const TempDir dir;
    const auto exabgp = real_exabgp(
        dir.path(), neighbor("127.0.0.2", 65000, 65001) + neighbor("127.0.0.3", 65000, 65002) +
                        neighbor("127.0.0.4", 65010, 65002) + neighbor("127.0.0.4", 65011, 65002) +
                        neighbor("127.0.0.16/30", 65000, 65003));
    const auto service = attach(*exabgp);
    const std::string a = "127.0.0.2", b = "127.0.0.3", c = "127.0.0.4", range = "127.0.0.16";
    const Names everyone{a, b, c, range};
    const std::vector<Row> rows{
        {"", everyone},
        {"neighbor *", everyone},
        {"peer *", everyone},
        {"peer [*]", everyone},
        {"neighbor 127.0.0.2", {a}},
        {"peer 127.0.0.4", {c}},
        {"neighbor 127.0.0.4 local-as 65011 router-id 10.0.0.9", {c}},
        {"neighbor 127.0.0.2 local-ip 127.0.0.1 peer-as 65001 family-allowed in-open", {a}},
        {"neighbor 127.0.0.2, neighbor 127.0.0.3", {a, b}},
        {"neighbor 127.0.0.2,neighbor 127.0.0.4 peer-as 65002", {a, c}},
        {"neighbor 127.0.0.2,", {a}},
        {"peer [127.0.0.2, 127.0.0.3 peer-as 65002]", {a, b}},
        {"peer 127.0.0.2, peer 127.0.0.3", {a, b}},
        {exabgp->has_pipes() ? "neighbor 127.0.0.16/30" : "neighbor 127.0.0.16", {range}},
        {"neighbor 127.0.0.9", {}},
        {"neighbor 127.0.0.17", {}},
        {"neighbor 127.0.0.2 peer-as 65002", {}},
        {"neighbor 127.0.0.2, neighbor 127.0.0.9", {}},
        {"peer [127.0.0.2, 127.0.0.9]", {}},
        {"neighbor * peer-as 65002", {}},
        {"neighbor * peer-as 64999", {}},
        {"peer [* peer-as 65002]", {}},
        {"neighbor 127.0.0.2,,", {}},
        {"neighbor 127.0.0.2,,neighbor 127.0.0.3", {}},
        {"neighbor 127.0.0.2, local-as 65000", {}},
        {"neighbor 127.0.0.2, 127.0.0.3", {}},
        {"neighbor 127.0.0.2 neighbor 127.0.0.3", {}},
        {"peer [127.0.0.2 127.0.0.3]", {}},
        {"neighbor []", {}},
    };
    const auto reached = [&](const std::string& prefix) {
        Names names;
        for (const std::string& line :
             service->client()
                 .command(exabgp->has_pipes() ? "show adj-rib out" : "rib show out")
                 .lines)
            if (line.find(prefix) != line.npos)
                for (const std::string& name : everyone)
                    for (const char* end : {" ", "\"", "/"})
                        if (line.find(name + end) != line.npos) names.insert(name);
        return names;
    };
    int number = 0;
    for (const Row& row : rows)
        for (const bool raw : {false, true}) {
            const std::string prefix = fmt::format("198.18.{}.0/24", ++number);
            const std::string line =
                fmt::format("{}{}announce route {} next-hop 198.51.100.1", row.selector,
                            row.selector.empty() ? "" : " ", prefix);
            CAPTURE(line);
            CAPTURE(raw);
            std::vector<std::string> words{"run", line};
            if (raw) words.insert(words.begin() + 1, "--raw");
            const auto run = service->run(words);
            CAPTURE(run.err);
            // As it is, a line may be one that this ExaBGP does not take.
            if (!raw) CHECK(run.status == (row.reached.empty() ? 5 : 0));
            CHECK(reached(prefix) == (run.status == 0 ? row.reached : Names{}));
        }
    for (const std::string action : {"announce", "withdraw"}) {
        const auto run = service->run({"run", "neighbor 127.0.0.2", action, "watchdog", "dnsr"});
        CHECK(run.status == 5);
        CHECK(run.err.find("it applies a watchdog to every peer") != std::string::npos);
    }
    const auto filtered = service->run(
        {"run", "neighbor * peer-as 65002 announce route 198.18.200.0/24 next-hop 198.51.100.1"});
    const auto advice = filtered.err.find("; use: ");
    REQUIRE(advice != std::string::npos);
    const std::string start =
        exabgp->has_pipes()
            ? "neighbor 127.0.0.3 peer-as 65002, neighbor 127.0.0.4 peer-as 65002 announce"
            : "peer [127.0.0.3 peer-as 65002, 127.0.0.4 peer-as 65002] announce";
    CHECK(filtered.err.substr(advice).find(start) != std::string::npos);
    CHECK(service->run({"run", start + " route 198.18.200.0/24 next-hop 198.51.100.1"}).status ==
          0);
    CHECK(reached("198.18.200.0/24") == Names{b, c});

    const auto peers = service->run({"peers"});
    CHECK(peers.out.find(exabgp->has_pipes() ? "127.0.0.16/30" : "127.0.0.16") !=
          std::string::npos);
}

TEST_SUITE_END();
