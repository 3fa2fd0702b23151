// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch --cursor`: the command runs once for each ExaBGP, whatever dies meanwhile.
#include <csignal>
#include <sstream>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/file_lines.hpp"
#include "tests/support/harness/json_schema.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse::test;

namespace {

using Lines = std::vector<std::string>;

/// The UUID in a cursor; empty: there is none.
std::string uuid_in(const std::string& cursor) {
    const Lines lines = lines_of(cursor);
    if (lines.size() != 1) return {};
    const Json line = Json::parse(lines[0], nullptr, false);
    return line.is_object() && line["uuid"].is_string() ? line["uuid"].get<std::string>() : "";
}

/// A watch with a cursor, which may be started again and again on the same files.
struct Following {
    Stage& stage;
    std::string cursor = stage.dir / "cursor";
    std::string ran_file = stage.dir / "ran";  // the standard output of all commands
    std::unique_ptr<ChildProcess> process{};

    void start(const std::string& command, const Lines& options = {}) {
        Lines words{require_environment("EXAPULSE"),
                    "--socket",
                    stage.service.socket(),
                    "watch",
                    "--cursor",
                    cursor,
                    "--exec",
                    "( " + command + " ) >> " + ran_file};
        words.insert(words.end(), options.begin(), options.end());
        process = std::make_unique<ChildProcess>(words);
    }
    void kill() {
        process->signal(SIGKILL);
        REQUIRE(process->wait_exit());
    }

    [[nodiscard]] Lines ran() const { return lines_of(ran_file); }
    [[nodiscard]] Outcome runs(const Lines& expected) const {
        return eventually([&] { return ran() == expected; });
    }
    [[nodiscard]] Outcome remembers(const std::string& uuid) const {
        return eventually([&] { return uuid_in(cursor) == uuid; });
    }
    [[nodiscard]] Outcome tells(std::string_view text) const {
        return eventually([&] { return count(text) > 0; });
    }
    [[nodiscard]] std::size_t count(std::string_view text) const {
        const std::string told = process->stderr_text();
        std::size_t count = 0;
        for (auto at = told.find(text); at != std::string::npos; at = told.find(text, at + 1))
            ++count;
        return count;
    }
};

constexpr const char* note = "echo $EXAPULSE_UUID";

/// A new process of ExaBGP, which exapulsed knows.
std::string restart_exabgp(Stage& stage) {
    stage.exabgp.start();
    const std::string uuid = stage.exabgp.uuid();
    REQUIRE(eventually([&] {
        const Json status = stage.service.status();
        return status["state"] == "up" && status["uuid"] == uuid;
    }));
    return uuid;
}

}  // namespace

TEST_CASE("cursor: ExaBGP and exapulsed restart in every order; each ExaBGP gets one run") {
    Stage stage;
    Following watch{stage};
    watch.start(note);
    Lines expected{stage.exabgp.uuid()};
    REQUIRE(watch.runs(expected));
    constexpr int orders = 7;
    for (int round = 0; round < 2 * orders; ++round) {
        CAPTURE(round);
        const int number = round < orders ? SIGTERM : SIGKILL;
        const auto end_exapulsed = [&] {
            stage.service.process().signal(number);
            REQUIRE(stage.service.process().wait_exit());
        };
        switch (round % orders) {
            case 0:  // ExaBGP alone
                stage.exabgp.start();
                break;
            case 1:  // exapulsed alone
                stage.service.restart(number);
                break;
            case 2:  // ExaBGP while exapulsed is away
                end_exapulsed();
                stage.exabgp.start();
                stage.service.start();
                break;
            case 3:  // exapulsed while ExaBGP is away
                stage.exabgp.stop();
                stage.service.restart(number);
                stage.exabgp.start();
                break;
            case 4:  // ExaBGP goes first and comes first
                stage.exabgp.crash();
                end_exapulsed();
                stage.exabgp.start();
                stage.service.start();
                break;
            case 5:  // ExaBGP, and exapulsed before or after it has told that
                stage.exabgp.start();
                stage.service.restart(number);
                break;
            case 6:  // exapulsed, and ExaBGP before or after its first answer
                stage.service.restart(number);
                stage.exabgp.start();
                break;
        }
        if (round % orders != 1) expected.push_back(stage.exabgp.uuid());
        CHECK(watch.remembers(stage.exabgp.uuid()));
        CHECK(watch.runs(expected));
    }
    watch.process->signal(SIGTERM);
    CHECK(watch.process->wait_exit() == 128 + SIGTERM);
    CHECK(watch.ran() == expected);
}

TEST_CASE("cursor: it outlives a watch that is killed, and is its owner's only") {
    Stage stage;
    Following watch{stage};
    watch.start("echo $EXAPULSE_PREVIOUS_UUID to $EXAPULSE_UUID");
    const std::string first = stage.exabgp.uuid();
    Lines expected{"to " + first};
    REQUIRE(watch.runs(expected));
    REQUIRE(watch.remembers(first));
    struct stat status {};
    REQUIRE(stat(watch.cursor.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    watch.kill();

    // One run for both restarts, with what was reported of the newest.
    const std::string second = restart_exabgp(stage);
    const std::string third = restart_exabgp(stage);
    watch.start("echo $EXAPULSE_PREVIOUS_UUID to $EXAPULSE_UUID");
    expected.push_back(second + " to " + third);
    CHECK(watch.runs(expected));
    REQUIRE(watch.remembers(third));
    watch.kill();

    // The ExaBGP that the cursor names is no news.
    watch.start("echo $EXAPULSE_PREVIOUS_UUID to $EXAPULSE_UUID", {"--count", "1"});
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    const std::string fourth = restart_exabgp(stage);
    CHECK(watch.process->wait_exit() == 0);
    expected.push_back(third + " to " + fourth);
    CHECK(watch.ran() == expected);
}

TEST_CASE("cursor: a command that fails is repeated until it succeeds, which is told once") {
    Stage stage;
    Following watch{stage};
    watch.start(std::string(note) + "; [ $(wc -l < " + watch.ran_file + ") -ge 3 ] || exit 4",
                {"--count", "1"});
    const std::string uuid = stage.exabgp.uuid();
    CHECK(watch.tells("the command of --exec exited with 4; it is repeated"));
    CHECK(lines_of(watch.cursor).empty());
    CHECK(watch.process->wait_exit() == 0);
    CHECK(watch.ran() == Lines{uuid, uuid, uuid});
    CHECK(uuid_in(watch.cursor) == uuid);
    CHECK(watch.count("it is repeated") == 1);
    CHECK(watch.count("has succeeded for ExaBGP " + uuid) == 1);
}

TEST_CASE("cursor: a command that hangs is ended, and counts as one that failed") {
    Stage stage;
    Following watch{stage};
    const std::string once = stage.dir / "once";
    watch.start("[ -e " + once + " ] || { touch " + once + "; sleep 1000; }; " + note,
                {"--count", "1", "--exec-timeout", "500ms"});
    CHECK(watch.tells("has not ended within 500ms (--exec-timeout)"));
    CHECK(watch.process->wait_exit() == 0);
    CHECK(watch.ran() == Lines{stage.exabgp.uuid()});
    CHECK(uuid_in(watch.cursor) == stage.exabgp.uuid());
}

TEST_CASE("cursor: restarts during a run get one more, and the cursor names whom a run was for") {
    Stage stage;
    Following watch{stage};
    const std::string gate = stage.dir / "gate-";
    const std::string command =
        std::string(note) + "; while [ ! -e " + gate + "$EXAPULSE_UUID ]; do sleep 0.05; done";
    const auto open = [&](const std::string& uuid) { std::ofstream(gate + uuid) << std::flush; };
    watch.start(command);
    const std::string first = stage.exabgp.uuid();
    REQUIRE(watch.runs({first}));
    restart_exabgp(stage);
    const std::string third = restart_exabgp(stage);
    CHECK(lines_of(watch.cursor).empty());
    open(first);
    CHECK(watch.runs({first, third}));
    CHECK(watch.remembers(first));  // not the one that runs
    watch.kill();

    watch.start(command, {"--count", "1"});
    CHECK(watch.runs({first, third, third}));
    open(third);
    CHECK(watch.process->wait_exit() == 0);
    CHECK(uuid_in(watch.cursor) == third);
}

TEST_CASE("cursor: a file that is no cursor is reported, and counts as none") {
    Stage stage;
    Following watch{stage};
    for (const std::string text : {"not a UUID\n", "", "\xff"}) {
        CAPTURE(text);
        stage.dir.write("cursor", text);
        stage.dir.write("ran", "");
        watch.start(note, {"--count", "1"});
        CHECK(watch.process->wait_exit() == 0);
        CHECK(watch.count("is no cursor; the watch begins as without one") == 1);
        CHECK(watch.ran() == Lines{stage.exabgp.uuid()});
        CHECK(uuid_in(watch.cursor) == stage.exabgp.uuid());
    }
}

TEST_CASE("cursor: one that can't be written is told once, and no restart is lost by that") {
    Stage stage;
    Following watch{stage};
    watch.cursor = stage.dir / "none/cursor";
    watch.start(note);
    Lines expected{stage.exabgp.uuid()};
    CHECK(watch.runs(expected));
    CHECK(watch.tells("none/cursor: No such file or directory"));
    for (int i = 0; i < 2; ++i) {
        expected.push_back(restart_exabgp(stage));
        CHECK(watch.runs(expected));
    }
    CHECK(watch.count("--cursor: cannot write ") == 1);
    watch.kill();
    mkdir((stage.dir / "none").c_str(), 0700);
    watch.start(note);
    expected.push_back(expected.back());
    CHECK(watch.runs(expected));
    CHECK(watch.remembers(expected.back()));
}

TEST_CASE("cursor: nothing runs while ExaBGP is away, and what ends waiting is said") {
    Stage stage;
    stage.exabgp.stop();
    REQUIRE(eventually([&] { return stage.service.status()["state"] != "up"; }));
    Following watch{stage};
    watch.start(note);
    REQUIRE(eventually([&] { return stage.service.status()["subscribers"] == 1; }));
    CHECK(watch.ran().empty());
    const std::string uuid = restart_exabgp(stage);
    CHECK(watch.runs({uuid}));
    CHECK(watch.remembers(uuid));
}

TEST_CASE("cursor: without --exec a restart that was printed is handled, and fits the schema") {
    Stage stage;
    const JsonSchema schema(project_file("packaging/schema/event.schema.json"));
    const std::string cursor = stage.dir / "cursor";
    std::string before;
    for (int i = 0; i < 2; ++i) {
        const auto run = stage.service.run({"watch", "--json", "--cursor", cursor, "--count", "1"});
        CHECK(run.status == 0);
        std::istringstream lines(run.out);
        std::vector<Json> events;
        for (std::string line; std::getline(lines, line);) {
            events.push_back(Json::parse(line));
            const auto problems = schema.problems(events.back());
            CHECK_MESSAGE(problems.empty(), fmt::format("{}", fmt::join(problems, "; ")));
        }
        if (i == 0) {
            REQUIRE(events.size() == 2);  // the snapshot, and what it shows
            CHECK(events[1]["found"] == "on-attach");
        } else {
            REQUIRE(events.size() == 1);  // as it happened
            CHECK_FALSE(events[0].contains("found"));
        }
        CHECK(events.back()["type"] == "restarted");
        CHECK(events.back()["previous"] == (i == 0 ? Json(nullptr) : Json(before)));
        before = stage.exabgp.uuid();
        CHECK(events.back()["uuid"] == before);
        CHECK(uuid_in(cursor) == before);
        restart_exabgp(stage);
    }
}
