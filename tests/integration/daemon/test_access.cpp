// SPDX-License-Identifier: BSD-3-Clause
// Access: who may do what, by users and groups, through the whole daemon.
#include <csignal>
#include <fstream>
#include <grp.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/long_history.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"

using namespace exapulse::test;

namespace {

constexpr uid_t nobody = 65'534;
constexpr gid_t team_a = 61'001, monitoring = 61'002, stranger = 61'003;

#define NEEDS_ROOT()                                         \
    if (geteuid() != 0) {                                    \
        MESSAGE("skipped: needs root, to be several users"); \
        return;                                              \
    }

/// A client of the user nobody in these groups. Of this thread alone, not of the whole process.
TestClient client_in(const Service& service, gid_t gid, const std::vector<gid_t>& groups = {}) {
    const auto groups_are = [](const std::vector<gid_t>& all) {
        REQUIRE(syscall(SYS_setgroups, all.size(), all.data()) == 0);
    };
    std::vector<gid_t> before(static_cast<std::size_t>(getgroups(0, nullptr)));
    REQUIRE(getgroups(static_cast<int>(before.size()), before.data()) >= 0);
    groups_are(groups);
    REQUIRE(syscall(SYS_setresgid, -1, gid, -1) == 0);
    REQUIRE(syscall(SYS_setresuid, -1, nobody, -1) == 0);
    auto client = TestClient::try_connect(service.socket());
    REQUIRE(syscall(SYS_setresuid, -1, 0, -1) == 0);
    REQUIRE(syscall(SYS_setresgid, -1, 0, -1) == 0);
    groups_are(before);
    REQUIRE(client);
    return std::move(*client);
}

struct OpenStage : Stage {
    explicit OpenStage(const std::string& access) : Stage("[socket]\nmode = \"0666\"\n" + access) {
        REQUIRE(chmod(service.dir().path().c_str(), 0755) == 0);
    }
};

const std::string rules = R"([access]
operate = ["@61001"]
observe = ["@61002"]
[[access.rule]]
name = "limited"
who = ["@61003"]
prefixes = ["203.0.113.0/24"]
peers = ["127.0.0.1"]
)";

std::string first_line(const Answer& answer) {
    return answer.lines.empty() ? answer.terminator : answer.lines[0];
}

bool is_denied(const Answer& answer, const std::string& why) {
    return answer.terminator == "error" && first_line(answer).starts_with("error: denied: ") &&
           first_line(answer).find(why) != std::string::npos;
}

}  // namespace

TEST_CASE("each group has its role, a supplementary group as well, and a denial names what lacks") {
    NEEDS_ROOT();
    OpenStage stage(rules);
    TestClient none = client_in(stage.service, nobody);
    CHECK(is_denied(none.command("sidecar status"), "needs the role observe, you have none"));
    CHECK(is_denied(none.command("show neighbor"), "needs the role observe, you have none"));
    CHECK(none.command("sidecar version").terminator == "done");
    CHECK(Json::parse(first_line(none.command("sidecar access")))["role"] == "none");

    TestClient observer = client_in(stage.service, nobody, {4, monitoring});
    CHECK(observer.command("sidecar status").terminator == "done");
    CHECK(is_denied(observer.command("announce route 203.0.113.0/24 next-hop self"),
                    "'announce' needs the role operate, you have observe"));
    CHECK(is_denied(observer.command("test echo x"), "'test echo' needs the role operate"));

    TestClient operating = client_in(stage.service, team_a);
    CHECK(operating.command("test echo ok") == echo_ok);
    CHECK(is_denied(operating.command("sidecar kill 1"),
                    "'sidecar kill' needs the role admin, you have operate"));
    CHECK(is_denied(operating.command("shutdown"), "'shutdown' needs the role admin"));
    CHECK(is_denied(operating.command("sidecar recorder"),
                    "'sidecar recorder' needs the role admin"));
    const Json access = Json::parse(first_line(operating.command("sidecar access")));
    CHECK(access["role"] == "operate");
    CHECK(access["source"] == "access.operate: @61001");
    CHECK(access["limited"] == false);
    CHECK(stage.service.logs("): denied: shutdown: 'shutdown' needs the role admin"));
    CHECK(Json::parse(first_line(stage.service.client().command("sidecar access")))["role"] ==
          "admin");
}

TEST_CASE("a rule limits prefixes and peers, and what can't be told for certain is denied") {
    NEEDS_ROOT();
    OpenStage stage(rules);
    TestClient client = client_in(stage.service, nobody, {stranger, team_a});
    const auto received = [&](const std::string& line) {
        const auto lines = stage.exabgp.received();
        return std::count(lines.begin(), lines.end(), line);
    };
    const std::string good = "peer 127.0.0.1 announce route 203.0.113.0/25 next-hop self";
    static_cast<void>(client.command(good));
    CHECK(eventually([&] { return received(good) == 1; }));
    for (const std::string line :
         {"peer 127.0.0.1 announce route 198.51.100.0/24 next-hop self",
          "peer 10.0.0.2 announce route 203.0.113.0/25 next-hop self",
          "announce route 203.0.113.0/25 next-hop self",
          "peer 127.0.0.1 announce attributes next-hop self nlri 203.0.113.0/25",
          "peer 127.0.0.1 teardown 6"}) {
        CHECK_MESSAGE(is_denied(client.command(line), "rule limited: "), line);
        CHECK(received(line) == 0);
    }
    const Json access = Json::parse(first_line(client.command("sidecar access")));
    CHECK(access["limited"] == true);
    CHECK(access["rules"][0]["prefixes"][0] == "203.0.113.0/24");
}

TEST_CASE("the group of the socket operates where nothing else is said, and nobody else does") {
    NEEDS_ROOT();
    Stage stage("[socket]\nmode = \"0666\"\ngroup = \"61001\"\n");
    REQUIRE(chmod(stage.service.dir().path().c_str(), 0755) == 0);
    CHECK(client_in(stage.service, nobody, {team_a}).command("test echo ok") == echo_ok);
    CHECK(is_denied(client_in(stage.service, nobody).command("test echo ok"), "you have none"));
}

TEST_CASE("a reload gives and takes roles of those who are connected") {
    NEEDS_ROOT();
    OpenStage stage(rules);
    TestClient client = client_in(stage.service, team_a);
    TestClient watching = client_in(stage.service, monitoring);
    watching.send_line("sidecar subscribe");
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    CHECK(client.command("test echo ok") == echo_ok);
    const auto reload = [&](const std::string& access) {
        std::ofstream(stage.service.config_file()) << "[socket]\nmode = \"0666\"\n" + access;
        stage.service.process().signal(SIGHUP);
    };
    reload("[access]\noperate = [\"no-such-user\"]\n");
    CHECK(
        stage.service.logs("reload failed, the old configuration stays: access.operate: there is "
                           "no user no-such-user on this host"));
    CHECK(client.command("test echo ok") == echo_ok);
    reload("[access]\nobserve = [\"@61001\"]\noperate = []\n");
    REQUIRE(stage.service.logs("reloaded"));
    CHECK(is_denied(client.command("test echo ok"), "you have observe"));
    CHECK(eventually([&] { return stage.service.status()["subscribers"] == 0; }));
    reload("[access]\noperate = [\"*\"]\n");
    CHECK(eventually([&] { return client.command("test echo ok") == echo_ok; }));
}

TEST_CASE("a reload also ends answers about the past that are not complete") {
    NEEDS_ROOT();
    OpenStage stage("[access]\nobserve = [\"@61002\"]\n");
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    constexpr std::size_t many = 20'000;  // far more than fits into a socket and a page
    add_events(stage.service.dir() / "state/history.db", many);
    stage.service.start();
    TestClient client = client_in(stage.service, monitoring);
    TestClient replay = client_in(stage.service, monitoring);
    client.send_line("sidecar history");
    replay.send_line("sidecar subscribe since 24h");
    REQUIRE(client.read_line());  // they are under way, and nobody reads on
    REQUIRE(replay.read_line());
    std::ofstream(stage.service.config_file()) << "[socket]\nmode = \"0666\"\n";
    stage.service.process().signal(SIGHUP);
    REQUIRE(stage.service.logs("reloaded"));
    for (TestClient* reader : {&client, &replay}) {
        const Answer answer = reader->read_answer();
        CHECK(answer.lines.size() < many);
        REQUIRE(!answer.lines.empty());
        CHECK(answer.lines.back() == "error: denied: the role observe was taken away");
        CHECK(answer.terminator == "error");
        CHECK(is_denied(reader->command("sidecar status"), "needs the role observe"));
    }
}

TEST_CASE("every change is recorded with who made it and its verdict, and reading is not") {
    Stage stage;
    TestClient client = stage.service.client();
    const auto log_has = [&](const std::string& text) {
        return stage.service.log().find(text) != std::string::npos;
    };
    for (const char* line : {"version", "test echo changed", "sidecar status", "it's"})
        static_cast<void>(client.command(line));
    CHECK(stage.service.logs("): done: test echo changed ("));
    std::istringstream log(stage.service.log());
    for (std::string line; std::getline(log, line);) {
        if (line.find(": done: version (") != line.npos) CHECK(line.find(" debug: ") != line.npos);
        if (line.find(": done: test echo") != line.npos) CHECK(line.find(" info: ") != line.npos);
    }
    CHECK_FALSE(log_has(": done: sidecar status"));
    std::ofstream(stage.service.config_file()) << "[log]\naudit = \"all\"\n";
    stage.service.process().signal(SIGHUP);
    REQUIRE(stage.service.logs("reloaded"));
    static_cast<void>(client.command("sidecar status"));
    CHECK(stage.service.logs(": done: sidecar status\n"));
}

TEST_CASE("no password reaches the log") {
    Stage stage;
    TestClient client = stage.service.client();
    for (const char* line :
         {"peer create 192.0.2.9 { md5-password hunter2; }", "test echo md5-password hunter2",
          "api version md5-password 'hunter2 x'", "it's md5-password hunter2 \x01"})
        static_cast<void>(client.command(line));
    CHECK(stage.service.logs("test echo md5-password ***"));
    CHECK(stage.service.logs(": denied: api version md5-password ***"));
    CHECK(stage.service.log().find("hunter2") == std::string::npos);
}

TEST_CASE("commands that are withdrawn are recorded as well") {
    Stage stage;
    TestClient client = stage.service.client();
    client.send_line("test slow 300 gate");
    REQUIRE(eventually([&] { return stage.exabgp.received().size() == 1; }));
    client.send_raw("test echo waiting\nsidecar cancel\n");
    CHECK(stage.service.logs(": not-sent: test echo waiting: withdrawn by its client"));
}
