// SPDX-License-Identifier: BSD-3-Clause
// The flight recorder and the slow log, through the whole daemon.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/json_schema.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse::test;

namespace {

std::vector<Json> records_in(const std::vector<std::string>& lines) {
    static const JsonSchema schema(project_file("packaging/schema/recorder.schema.json"));
    std::vector<Json> records;
    for (const std::string& line : lines) {
        records.push_back(Json::parse(line));
        const auto problems = schema.problems(records.back());
        CHECK_MESSAGE(problems.empty(), line);
    }
    return records;
}

std::vector<Json> recorded(const Service& service) {
    const Answer answer = service.client().command("sidecar recorder");
    CHECK(answer.terminator == "done");
    return records_in(answer.lines);
}

/// The first record of this kind that has `text`; null where there is none.
Json find(const std::vector<Json>& records, const std::string& kind, const std::string& text) {
    const auto found = std::find_if(records.begin(), records.end(), [&](const Json& record) {
        return record["kind"] == kind &&
               record["text"].get<std::string>().find(text) != std::string::npos;
    });
    return found == records.end() ? Json() : *found;
}

std::vector<std::string> dumps_of(const Service& service) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(service.dir() / "state"))
        if (entry.path().filename().string().starts_with("recorder-"))
            paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

TEST_CASE("the recorder has both directions, whom a line belongs to, and what happened") {
    Stage stage;
    TestClient client = stage.service.client();
    CHECK(client.command("test echo ok") == echo_ok);
    static_cast<void>(client.command("peer create x { md5-password hunter2; }"));
    const auto records = recorded(stage.service);
    CHECK(find(records, "state", "connected to " + stage.exabgp.path()).is_object());
    CHECK(find(records, "state", "answers can be matched: ExaBGP 6.").is_object());
    CHECK(find(records, "state", "connected: ").is_object());  // the event

    const Json sent = find(records, "sent", "test echo ok");
    REQUIRE(sent.is_object());
    CHECK(sent["session"].is_number());
    CHECK(sent["text"] == "test echo ok");
    CHECK(sent["cut"] == false);
    const Json answer = find(records, "received", R"({"echo": "ok"})");
    REQUIRE(answer.is_object());
    CHECK(answer["session"] == sent["session"]);
    CHECK(answer["command"] == sent["command"]);
    CHECK(answer["time"] >= sent["time"]);
    const Json fence = find(records, "sent", "system api version ");
    REQUIRE(fence.is_object());
    CHECK(fence["session"].is_null());

    CHECK(find(records, "sent", "md5-password ***").is_object());
    const auto shown = stage.service.run({"recorder"});
    CHECK(shown.status == 0);
    CHECK(shown.out.find(fmt::format(" > {}/{} test echo ok\n", sent["session"].get<int>(),
                                     sent["command"].get<int>())) != std::string::npos);
    CHECK(shown.out.find(" * connected to ") != std::string::npos);
    CHECK(shown.out.find("hunter2") == std::string::npos);
    std::istringstream json(stage.service.run({"recorder", "--json"}).out);
    std::vector<std::string> lines;
    for (std::string line; std::getline(json, line);) lines.push_back(line);
    CHECK(find(records_in(lines), "sent", "test echo ok") == sent);
    CHECK(stage.service.logs(": done: sidecar recorder"));
}

TEST_CASE("a failure of ExaBGP leaves a file with what came before, and SIGUSR2 another") {
    Stage stage("[recorder]\nfiles = 1\n[commands]\ndeadline = \"100ms\"\n", "100ms");
    CHECK(dumps_of(stage.service).empty());
    TestClient client = stage.service.client();
    stage.exabgp.silence(true);
    client.send_line("test echo md5-password hunter2");
    REQUIRE(stage.service.logs("records before this are in "));
    const auto dumps = dumps_of(stage.service);
    REQUIRE(dumps.size() == 1);
    CHECK(stage.service.log().find(dumps[0] + " (ExaBGP failed)") != std::string::npos);
    const std::string text = read_file(dumps[0]);
    CHECK(text.find(" test echo md5-password ***\n") != std::string::npos);
    CHECK(text.find(" * failed") != std::string::npos);
    CHECK(text.find(" outcome-unknown: ") != std::string::npos);
    CHECK(text.find("hunter2") == std::string::npos);

    std::filesystem::remove(dumps[0]);
    stage.service.process().signal(SIGUSR2);
    REQUIRE(stage.service.logs("(asked for by SIGUSR2)"));
    CHECK(dumps_of(stage.service).size() == 1);
    CHECK(stage.service.status()["state"] == "down");
}

TEST_CASE("without a line since the last dump, or with none kept, a failure leaves no file") {
    const TempDir nowhere;
    const Service absent(nowhere / "exabgp.sock");
    absent.await("down");
    CHECK(dumps_of(absent).empty());

    Stage stage("[recorder]\nfiles = 0\n", "100ms");
    stage.exabgp.silence(true);
    stage.service.await("down");
    CHECK(dumps_of(stage.service).empty());
    stage.service.process().signal(SIGUSR2);
    CHECK(stage.service.logs("recorder: not written"));
}

TEST_CASE("a recorder that cannot be written says so") {
    Stage stage;
    std::filesystem::rename(stage.service.dir() / "state", stage.service.dir() / "moved");
    stage.service.process().signal(SIGUSR2);
    CHECK(stage.service.logs("cannot be written: No such file or directory"));
    CHECK(recorded(stage.service).size() > 3);
}

TEST_CASE("recorder.lines applies at a reload, 0 turns it off") {
    Stage stage;
    const auto reload = [&](int lines) {
        std::ofstream(stage.service.config_file())
            << fmt::format("[recorder]\nlines = {}\nline_length = \"64\"\n", lines);
        stage.service.process().signal(SIGHUP);
    };
    reload(2);
    CHECK(eventually([&] { return recorded(stage.service).size() == 2; }));
    static_cast<void>(stage.service.client().command("test lines 1 100 x"));
    const auto records = recorded(stage.service);
    CHECK(records.size() == 2);
    reload(0);
    CHECK(eventually([&] { return recorded(stage.service).empty(); }));
    const auto empty = stage.service.run({"recorder"});
    CHECK(empty.status == 0);
    CHECK(empty.err.find("recorder.lines is 0") != std::string::npos);
}

TEST_CASE("a recorder of many lines reaches a slow reader, and what was overwritten is counted") {
    Stage stage("[recorder]\nlines = 5000\n[limits]\nclient_backlog = \"64KiB\"\n");
    TestClient other = stage.service.client();
    const auto fill = [&](const std::string& tag) {
        for (int i = 0; i < 60; ++i)  // an answer must fit the backlog
            static_cast<void>(other.command("test lines 100 100 " + tag));
    };
    fill("old");
    TestClient reader = stage.service.client();
    reader.send_line("sidecar recorder");
    REQUIRE(eventually([&] {
        const Json clients = Json::parse(other.command("sidecar clients").lines.at(0));
        return std::any_of(clients.begin(), clients.end(),
                           [](const Json& client) { return client["backlog"] > 10'000; });
    }));
    fill("new");
    std::size_t records = 0, lost = 0;
    for (;;) {
        const auto line = reader.read_line();
        REQUIRE(line);
        if (*line == "done") break;
        const Json record = Json::parse(*line);
        if (record["kind"] == "lost")
            lost += record["records"].get<std::size_t>();
        else
            ++records;
        CHECK_FALSE(record.value("text", "").starts_with("new"));
    }
    CHECK(lost > 0);
    CHECK(records + lost == 5'000);
    CHECK(reader.command("test echo ok") == echo_ok);
}

TEST_CASE("a slow command is a warning with who, how long it waited, and how long ExaBGP took") {
    Stage stage("[log]\nslow = \"100ms\"\n");
    TestClient first = stage.service.client();
    TestClient second = stage.service.client();
    first.send_line("test slow 250 md5-password=hunter2");
    first.send_line("test slow 250 first");
    REQUIRE(eventually([&] { return !stage.exabgp.received().empty(); }));
    CHECK(second.command("test echo second").terminator == "done");
    static_cast<void>(second.command("test echo quick"));
    REQUIRE(stage.service.logs("done: test echo second ("));
    REQUIRE(stage.service.logs(" in the queue, "));
    CHECK(eventually([&] { return stage.service.status()["queue"]["slow"] >= 1; }));
    std::istringstream log(stage.service.log());
    bool waited = false;
    for (std::string line; std::getline(log, line);) {
        if (line.find(": slow: ") == line.npos && line.find(" slow: ") == line.npos) continue;
        CHECK(line.find(" warning: ") != line.npos);
        CHECK(line.find("quick") == line.npos);
        CHECK(line.find("hunter2") == line.npos);
        CHECK(line.find("pid ") != line.npos);
        waited = waited || line.find("done: test echo second (") != line.npos;
    }
    CHECK(waited);
    CHECK(stage.service.logs("done: test slow 250 md5-password=*** ("));
    CHECK(stage.service.run({"status"}).out.find("slower than log.slow") != std::string::npos);
}

TEST_CASE("log.slow of 0 counts and logs nothing") {
    Stage stage("[log]\nslow = \"0ms\"\n");
    CHECK(stage.service.client().command("test slow 50 x").terminator == "done");
    CHECK(stage.service.status()["queue"]["slow"] == 0);
}
