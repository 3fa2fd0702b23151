// SPDX-License-Identifier: BSD-3-Clause
// `exapulse hold`: routes that live as long as who announced them, and as its check passes.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/file_lines.hpp"
#include "tests/support/harness/has.hpp"
#include "tests/support/harness/json_schema.hpp"
#include "tests/support/harness/project_file.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;
using HeldRoutes = std::vector<std::string>;

const HeldRoutes announce_one{"announce", "route", "10.0.0.0/24", "next-hop", "192.0.2.1"};
const HeldRoutes one_route{"10.0.0.0/24"};

/// A hold that runs on a stage.
struct Holder {
    Stage& stage;
    std::unique_ptr<ChildProcess> process;

    Holder(Stage& on, std::vector<std::string> options, const HeldRoutes& command = announce_one)
        : stage(on) {
        std::vector<std::string> words{require_environment("EXAPULSE"), "--socket",
                                       on.service.socket(), "hold"};
        words.insert(words.end(), options.begin(), options.end());
        words.insert(words.end(), command.begin(), command.end());
        process = std::make_unique<ChildProcess>(words);
    }

    [[nodiscard]] Outcome announced(const HeldRoutes& routes) const {
        return eventually([&] { return stage.exabgp.routes() == routes; }, 20s);
    }
    [[nodiscard]] Outcome says(std::string_view text) const {
        return eventually([&] { return has(process->stdout_text(), text); }, 20s);
    }
    [[nodiscard]] Outcome complains(std::string_view text) const {
        return eventually([&] { return has(process->stderr_text(), text); }, 20s);
    }
};

/// A check that succeeds while a file exists.
struct Switch {
    std::string file;

    explicit Switch(const Stage& stage) : file(stage.dir / "healthy") {}
    [[nodiscard]] std::string command() const { return "test -e " + file; }
    void on() const { std::ofstream(file) << "yes\n"; }
    void off() const { std::remove(file.c_str()); }
};

std::vector<std::string> checked(const std::string& command,
                                 const std::vector<std::string>& others = {}) {
    std::vector<std::string> options{"--check", command, "--interval", "50ms",
                                     "--rise",  "2",     "--fall",     "2"};
    options.insert(options.end(), others.begin(), others.end());
    return options;
}

/// A process that is no zombie: nobody may reap those whose parent was killed.
bool still_runs(const std::string& pid) {
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string text;
    std::getline(stat, text);
    const auto name_ends = text.rfind(')');
    return name_ends != std::string::npos && text.compare(name_ends, 3, ") Z") != 0;
}

}  // namespace

TEST_CASE("hold announces, and withdraws on SIGTERM") {
    Stage stage;
    Holder holder(stage, {"--owner", "anycast-dns"});
    CHECK(holder.announced(one_route));
    CHECK(holder.says("announced 1 route\n"));
    const Json route = Json::parse(stage.service.client().command("sidecar routes").lines.at(0));
    CHECK(route["kept"] == true);
    CHECK(route["name"] == "anycast-dns");
    CHECK(route["lease"] == 15'000);
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 0);
    CHECK(stage.exabgp.routes().empty());
    CHECK(holder.process->stdout_text() == "announced 1 route\nwithdrawn: ended by Terminated\n");
    CHECK(holder.process->stderr_text().empty());
    CHECK(stage.service.client().command("sidecar routes").lines.empty());
}

TEST_CASE("a killed hold: exapulsed withdraws after the grace") {
    Stage stage;
    Holder holder(stage, {"--grace", "100ms", "--ttl", "1h"});
    REQUIRE(holder.announced(one_route));
    REQUIRE(holder.says("announced"));
    holder.process->signal(SIGKILL);
    CHECK(holder.process->wait_exit() == 128 + SIGKILL);
    CHECK(holder.announced({}));
}

TEST_CASE("a hold that ends before it announces withdraws what one that was killed has left") {
    Stage stage;
    Holder killed(stage, {"--owner", "dns", "--ttl", "1h", "--grace", "1h"});
    REQUIRE(killed.says("announced"));
    const auto held = [&] {
        const auto routes = stage.service.client().command("sidecar routes").lines;
        return routes.empty() ? Json() : Json::parse(routes[0])["held"];
    };
    CHECK(held() == true);
    // It is there, and its check never decides.
    const auto undecided = [&](const std::string& owner) {
        auto holder = std::make_unique<Holder>(
            stage,
            std::vector<std::string>{"--owner", owner, "--check", "false", "--fall", "9999"});
        CHECK(eventually([&] {
            const Json clients =
                Json::parse(stage.service.client().command("sidecar clients").lines.at(0));
            return std::any_of(clients.begin(), clients.end(), [&](const Json& client) {
                return client["pid"] == holder->process->pid();
            });
        }));
        return holder;
    };
    const auto end = [](const Holder& holder) {
        holder.process->signal(SIGTERM);
        CHECK(holder.process->wait_exit() == 0);
        return holder.process->stdout_text();
    };
    // One that lives keeps its routes, and so does another owner.
    CHECK(end(*undecided("dns")).empty());
    killed.process->signal(SIGKILL);
    CHECK(killed.process->wait_exit() == 128 + SIGKILL);
    REQUIRE(eventually([&] { return held() == false; }));
    CHECK(end(*undecided("another")).empty());
    CHECK(stage.exabgp.routes() == one_route);
    SUBCASE("it is stopped") {
        CHECK(end(*undecided("dns")) == "withdrawn: ended by Terminated\n");
    }
    SUBCASE("exapulsed was killed too") {
        stage.service.restart(SIGKILL);
        stage.service.await("up");
        CHECK(end(*undecided("dns")) == "withdrawn: ended by Terminated\n");
    }
    SUBCASE("its check fails") {
        Holder failing(stage, checked("false", {"--owner", "dns"}));
        CHECK(failing.says("withdrawn: the check failed 2 times: it exited with 1\n"));
        CHECK(stage.exabgp.routes().empty());
        end(failing);
    }
    CHECK(stage.exabgp.routes().empty());
    CHECK(stage.service.client().command("sidecar routes").lines.empty());
}

TEST_CASE(
    "a stopped hold: exapulsed withdraws after the ttl, and it announces again when it goes on") {
    Stage stage;
    Holder holder(stage, {"--ttl", "1s"});
    REQUIRE(holder.announced(one_route));
    REQUIRE(holder.says("announced"));
    holder.process->freeze();
    CHECK(holder.announced({}));
    holder.process->signal(SIGCONT);
    CHECK(holder.announced(one_route));
    CHECK(holder.complains("not renewed in time"));
    CHECK(holder.says("announced 1 route again\n"));
}

TEST_CASE("a hold that lives keeps its routes for longer than the ttl") {
    Stage stage;
    Holder holder(stage, {"--ttl", "2s", "--grace", "0s"});
    REQUIRE(holder.announced(one_route));
    REQUIRE(holder.says("announced"));
    stage.exabgp.clear_history();
    std::this_thread::sleep_for(4'500ms);  // what must not happen has no other end
    CHECK(stage.exabgp.routes() == one_route);
    CHECK(stage.exabgp.count_if([](const std::string& line) { return has(line, "route"); }) == 0);
    CHECK(holder.process->is_running());
}

TEST_CASE("the routes of a file are held, those of the command line beside them") {
    Stage stage;
    const std::string file = stage.dir / "routes";
    std::ofstream(file) << "# two\nannounce route 10.0.1.0/24 next-hop 192.0.2.1\n\n"
                           "announce route 10.0.2.0/24 next-hop 192.0.2.1\n";
    Holder holder(stage, {"--routes", file});
    CHECK(holder.says("announced 3 routes\n"));
    CHECK(stage.exabgp.route_count() == 3);
    holder.process->signal(SIGINT);
    CHECK(holder.process->wait_exit() == 0);
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE("a check that passes and fails: announced, withdrawn, announced") {
    Stage stage;
    const Switch healthy(stage);
    Holder holder(stage, checked(healthy.command()));
    CHECK(holder.says("not announced: the check failed 2 times: it exited with 1\n"));
    CHECK(stage.exabgp.routes().empty());
    for (int i = 0; i < 3; ++i) {
        healthy.on();
        CHECK(holder.announced(one_route));
        healthy.off();
        CHECK(holder.announced({}));
    }
    CHECK(
        holder.says("announced 1 route: the check succeeded 2 times\n"
                    "withdrawn: the check failed 2 times: it exited with 1\n"));
    CHECK(holder.process->is_running());
    CHECK(holder.process->stderr_text().empty());
}

TEST_CASE("--down is announced while the check fails, without a withdrawal between") {
    Stage stage;
    const Switch healthy(stage);
    healthy.on();
    Holder holder(stage, checked(healthy.command(),
                                 {"--down",
                                  "announce route 10.0.0.0/24 next-hop 192.0.2.1 med 1000 as-path "
                                  "[ 65001, 65002 ]"}));
    REQUIRE(holder.says("announced 1 route: "));
    stage.exabgp.clear_history();
    healthy.off();
    CHECK(holder.says("announced 1 route of --down: the check failed 2 times"));
    healthy.on();
    CHECK(eventually([&] {
        return stage.exabgp.count_if([](const std::string& line) {
            return has(line, "announce route 10.0.0.0/24");
        }) == 2;
    }));
    CHECK(stage.exabgp.count_if([](const std::string& line) { return has(line, "withdraw"); }) ==
          0);
    CHECK(stage.exabgp.count_if([](const std::string& line) { return has(line, "med 1000"); }) ==
          1);
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 0);
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE("a check that hangs is killed with all it started, and has failed") {
    Stage stage;
    const std::string pids = stage.dir / "pids";
    Holder holder(stage, checked("echo $$ >>" + pids + "; trap '' TERM; sleep 1000 & echo $! >>" +
                                     pids + "; wait",
                                 {"--check-timeout", "200ms"}));
    CHECK(
        holder.says("not announced: the check failed 2 times: it has not ended within 200ms "
                    "(--check-timeout)\n"));
    const auto started = lines_of(pids);
    REQUIRE(started.size() >= 4);
    CHECK(
        eventually([&] { return std::none_of(started.begin(), started.begin() + 4, still_runs); }));
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 0);
    const auto all = lines_of(pids);
    CHECK(eventually([&] { return std::none_of(all.begin(), all.end(), still_runs); }));
}

TEST_CASE("a check that ends with the hold leaves no process") {
    Stage stage;
    const std::string pids = stage.dir / "pids";
    Holder holder(stage,
                  checked("echo $$ >>" + pids + "; exec sleep 1000", {"--check-timeout", "1000s"}));
    REQUIRE(eventually([&] { return lines_of(pids).size() == 1; }));
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 0);
    CHECK(!still_runs(lines_of(pids)[0]));
}

TEST_CASE("a check that can't be found fails, and says so") {
    Stage stage;
    Holder holder(stage, checked("/nonexistent/check 2>/dev/null"));
    CHECK(holder.says("not announced: the check failed 2 times: it exited with 127\n"));
}

TEST_CASE("a hook is told of each state, and one that hangs keeps nobody from renewing") {
    Stage stage;
    const Switch healthy(stage);
    const std::string file = stage.dir / "ran";
    const std::string gate = stage.dir / "gate";
    Holder holder(stage, checked(healthy.command(),
                                 {"--ttl", "2s", "--exec",
                                  "echo $EXAPULSE_HOLD_STATE $EXAPULSE_HOLD_REASON >>" + file +
                                      "; while [ ! -e " + gate + " ]; do sleep 0.05; done"}));
    REQUIRE(eventually([&] { return lines_of(file).size() == 1; }));
    healthy.on();
    REQUIRE(holder.announced(one_route));
    std::this_thread::sleep_for(3s);  // what must not happen has no other end
    CHECK(stage.exabgp.routes() == one_route);
    std::ofstream(gate) << std::flush;
    CHECK(eventually([&] { return lines_of(file).size() == 2; }));
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 0);
    CHECK(lines_of(file) == HeldRoutes{"down the check failed 2 times: it exited with 1",
                                       "up the check succeeded 2 times",
                                       "down ended by Terminated"});
}

TEST_CASE("an ExaBGP that hangs with an announcement keeps nobody from renewing") {
    Stage stage;
    const Switch healthy(stage);
    healthy.on();
    Holder holder(stage, checked(healthy.command(),
                                 {"--ttl", "2s", "--down",
                                  "announce route 10.0.0.0/24 next-hop 192.0.2.1 med 1000"}));
    REQUIRE(holder.says("announced 1 route: "));
    stage.exabgp.clear_history();
    stage.exabgp.silence(true);
    healthy.off();
    for (int i = 0; i < 45; ++i) {
        std::this_thread::sleep_for(100ms);  // what must not happen has no other end
        const auto routes = stage.service.client().command("sidecar routes").lines;
        REQUIRE(routes.size() == 1);
        REQUIRE(Json::parse(routes[0])["left"].is_number());
    }
    stage.exabgp.silence(false);
    CHECK(holder.says("announced 1 route of --down"));
    CHECK(stage.exabgp.routes() == one_route);
    CHECK(stage.exabgp.count_if([](const std::string& line) { return has(line, "withdraw"); }) ==
          0);
}

TEST_CASE("a second signal ends hold at once, and exapulsed withdraws") {
    Stage stage;
    Holder holder(stage, {"--grace", "100ms"});
    REQUIRE(holder.says("announced"));
    stage.exabgp.clear_history();
    stage.exabgp.silence(true);
    holder.process->signal(SIGTERM);
    REQUIRE(eventually([&] { return stage.service.status()["queue"]["in_flight"] == 1; }));
    CHECK(holder.process->is_running());
    holder.process->signal(SIGINT);
    CHECK(holder.process->wait_exit() == 3);
    CHECK(holder.complains("exapulsed withdraws what is still announced"));
    stage.exabgp.silence(false);
    CHECK(holder.announced({}));
}

TEST_CASE("hold lives on while exapulsed is killed and started, and the route stays") {
    Stage stage;
    Holder holder(stage, {"--ttl", "5s"});
    REQUIRE(holder.says("announced 1 route\n"));
    stage.service.restart(SIGKILL);
    CHECK(holder.says("announced 1 route again\n"));
    CHECK(stage.exabgp.routes() == one_route);
    CHECK(stage.exabgp.count_if([](const std::string& line) { return has(line, "withdraw"); }) ==
          0);
    const std::string complaints = holder.process->stderr_text();
    CHECK_MESSAGE(std::count(complaints.begin(), complaints.end(), '\n') == 1, complaints);
    const Json route = Json::parse(stage.service.client().command("sidecar routes").lines.at(0));
    CHECK(route["lease"] == 5'000);
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 0);
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE("hold waits for an ExaBGP that is down, and its route is in the next one") {
    Stage stage("", "100ms");
    stage.exabgp.crash();
    stage.service.await("down");
    Holder holder(stage, {});
    CHECK(holder.complains("ExaBGP is not up"));
    stage.exabgp.start();
    CHECK(holder.announced(one_route));
    CHECK(holder.says("announced 1 route\n"));
    stage.exabgp.restart();
    CHECK(holder.announced(one_route));
    CHECK(holder.process->is_running());
}

TEST_CASE("hold waits for an exapulsed that is not there yet") {
    Stage stage;
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    Holder holder(stage, {});
    CHECK(holder.complains("exapulsed is not reachable"));
    stage.service.start();
    CHECK(holder.announced(one_route));
    stage.service.process().signal(SIGTERM);
    REQUIRE(stage.service.process().wait_exit());
    REQUIRE(
        eventually([&] { return has(holder.process->stderr_text(), "closed the connection"); }));
    holder.process->signal(SIGTERM);
    CHECK(holder.process->wait_exit() == 8);
    CHECK(holder.complains("exapulsed withdraws what is still announced"));
}

TEST_CASE("hold waits for an exapulsed that is busy, and says so once") {
    Stage stage("[limits]\nclients = 3\nadmin_clients = 0\n");
    std::vector<TestClient> others = stage.service.clients(3);
    Holder holder(stage, {});
    CHECK(holder.complains("busy: 3 clients attached already"));
    others.clear();
    CHECK(holder.announced(one_route));
    CHECK(holder.says("announced 1 route\n"));
    const std::string complaints = holder.process->stderr_text();
    CHECK_MESSAGE(std::count(complaints.begin(), complaints.end(), '\n') == 1, complaints);
}

TEST_CASE("a line that ExaBGP refuses at first ends hold, and withdraws the others") {
    Stage stage;
    stage.exabgp.set_answer("peer * announce route 10.9.9.9", "error\n");
    const std::string file = stage.dir / "routes";
    std::ofstream(file) << "announce route 10.9.9.9/24 next-hop 192.0.2.1\n";
    Holder holder(stage, {"--routes", file});
    CHECK(holder.process->wait_exit() == 1);
    CHECK(holder.complains("announce route 10.9.9.9/24 next-hop 192.0.2.1: ExaBGP said error"));
    CHECK(stage.exabgp.routes().empty());
}

TEST_CASE("a lease that exapulsed refuses ends hold") {
    Stage stage("[history]\nstore = false\n");
    Holder holder(stage, {});
    CHECK(holder.process->wait_exit() == 2);
    CHECK(holder.complains("bad-input"));
}

TEST_CASE("hold --json: one object per change, as the schema has it; -q prints nothing") {
    Stage stage;
    const Switch healthy(stage);
    healthy.on();
    Holder holder(stage, checked(healthy.command(), {"--json"}));
    REQUIRE(holder.says("announced"));
    healthy.off();
    REQUIRE(holder.says("withdrawn"));
    Holder quiet(stage, {"-q"}, {"announce", "route", "10.0.1.0/24", "next-hop", "192.0.2.1"});
    REQUIRE(holder.announced({"10.0.1.0/24"}));
    for (const Holder* each : {&holder, &quiet}) {
        each->process->signal(SIGTERM);
        CHECK(each->process->wait_exit() == 0);
    }
    CHECK(quiet.process->stdout_text().empty());
    const JsonSchema schema(project_file("packaging/schema/hold.schema.json"));
    std::istringstream lines(holder.process->stdout_text());
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto problems = schema.problems(Json::parse(line));
        CHECK_MESSAGE(problems.empty(), line);
    }
    CHECK(count == 2);
}

TEST_CASE("wrong usage of hold exits with 2 and says what is wrong") {
    Stage stage;
    const std::string file = stage.dir / "bad";
    std::ofstream(file) << "announce route 10.0.0.0/24 next-hop self\nshow neighbor\n";
    const auto fails = [&](std::vector<std::string> words, std::string_view with) {
        words.insert(words.begin(), "hold");
        const auto run = stage.service.run(words);
        CHECK(run.status == 2);
        CHECK_MESSAGE(has(run.err, with), run.err);
    };
    fails({}, "hold needs a command");
    fails({"--ttl", "500ms", "announce", "route", "10.0.0.0/24"}, "--ttl: 500ms is shorter");
    fails({"--ttl", "0s", "announce", "route", "10.0.0.0/24"}, "--ttl");
    fails({"--check", "true", "--rise", "0", "announce", "route", "10.0.0.0/24"}, "--rise: 0");
    fails({"--rise", "2", "announce", "route", "10.0.0.0/24"}, "--rise is for --check");
    fails({"--routes", stage.dir / "nowhere"}, "cannot read the routes");
    fails({"--routes", file}, "line 2: ");
    fails({"withdraw", "route", "10.0.0.0/24"}, "announces nothing");
    fails({"--check", "true", "--down", "withdraw route 10.0.0.0/24", "announce", "route",
           "10.0.0.0/24"},
          "--down: ");
    fails({"--owner", "a b", "announce", "route", "10.0.0.0/24"}, "--owner");
    CHECK(stage.exabgp.received().empty());
}

TEST_CASE("run --ttl: withdrawn when nobody renews it, run --owner: a name in the list") {
    Stage stage;
    std::vector<std::string> words{"run", "--ttl", "3s", "--owner", "lab-7"};
    words.insert(words.end(), announce_one.begin(), announce_one.end());
    const auto run = stage.service.run(words);
    REQUIRE_MESSAGE(run.status == 0, run.err);
    const Json route = Json::parse(stage.service.client().command("sidecar routes").lines.at(0));
    CHECK(route["kept"] == true);
    CHECK(route["name"] == "lab-7");
    CHECK(route["lease"] == 3'000);
    CHECK(eventually([&] { return stage.exabgp.routes().empty(); }));
    const auto batch = stage.service.run({"run", "--ttl", "1s", "--batch", "-"},
                                         "announce route 10.0.5.0/24 next-hop 192.0.2.1\n");
    REQUIRE_MESSAGE(batch.status == 0, batch.err);
    CHECK(stage.exabgp.count_if([](const std::string& line) {
        return has(line, "announce route 10.0.5.0/24");
    }) == 1);
    CHECK(eventually([&] { return stage.exabgp.routes().empty(); }));
    CHECK(stage.service.run({"run", "--ttl", "10ms", "announce", "route", "10.0.0.0/24"}).status ==
          2);
}

}  // namespace exapulse::test
