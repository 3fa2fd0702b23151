// SPDX-License-Identifier: BSD-3-Clause
// `sidecar commands` and `exapulse history --commands`: who sent which command, kept in the store.
#include <csignal>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/eventually.hpp"
#include "tests/support/harness/json_schema.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse::test;

namespace {

const std::string recording = "[history]\ncommands = true\n";

void check_schema(const std::string& line) {
    static const JsonSchema schema(project_file("packaging/schema/commands.schema.json"));
    CHECK_MESSAGE(schema.problems(Json::parse(line)).empty(), line);
}

std::vector<Json> commands(const Service& service, std::vector<std::string> options = {}) {
    std::vector<std::string> words{"history", "--commands", "--json"};
    words.insert(words.end(), options.begin(), options.end());
    const auto run = service.run(words);
    CHECK_MESSAGE(run.status == 0, run.err);
    std::vector<Json> records;
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) {
        check_schema(line);
        Json record = Json::parse(line);
        if (record["command"].get<std::string>().starts_with("sidecar commands")) continue;
        records.push_back(std::move(record));  // but not the questions of this test
    }
    return records;
}

std::vector<std::string> texts(const std::vector<Json>& records) {
    std::vector<std::string> texts;
    for (const Json& record : records) texts.push_back(record["command"]);
    return texts;
}

}  // namespace

TEST_CASE("commands are known after a restart of exapulsed: who, what and how it ended") {
    Stage stage(recording);
    const std::string boot = stage.service.status()["boot"];
    TestClient client = stage.service.client();
    for (const char* line : {"test echo ok", "version", "test error no", "test hangup x"})
        static_cast<void>(client.command(line));
    static_cast<void>(client.command("peer create x { md5-password hunter2; }"));
    static_cast<void>(client.command("shutdown now md5-password hunter2"));
    stage.service.restart(SIGTERM);
    stage.service.await("up");
    static_cast<void>(stage.service.client().command("test echo again"));
    const auto records = commands(stage.service);
    const auto found = texts(records);
    REQUIRE(found.size() >= 6);
    CHECK(found[0] == "test echo ok");
    CHECK(found[1] == "test error no");  // `version` changes nothing
    CHECK(found[2] == "test hangup x");
    CHECK(found[3] == "peer create x { md5-password ***; }");
    CHECK(found.back() == "test echo again");
    const Json& first = records[0];
    CHECK(first["boot"] == boot);
    CHECK(records.back()["boot"] == stage.service.status()["boot"]);
    CHECK(first["uid"] == geteuid());
    CHECK(first["pid"] == getpid());
    const std::string self = read_file("/proc/self/comm");
    const std::string process = self.substr(0, self.size() - 1);
    CHECK(first["process"] == process);
    CHECK(first["role"] == "operate");
    CHECK(first["verdict"] == "done");
    CHECK(first["took_ms"] > 0);
    CHECK(records[1]["verdict"] == "error");
    CHECK(records[2]["verdict"] == "outcome-unknown");
    CHECK(records[2]["why"].is_string());

    const auto shown = stage.service.run({"history", "--commands"});
    CHECK(shown.out.find(process + ", pid " + std::to_string(getpid()) + "): test echo ok (") !=
          std::string::npos);
    CHECK(shown.out.find("hunter2") == std::string::npos);
}

TEST_CASE("commands of one user, of one peer, since a time") {
    Stage stage(recording);
    TestClient client = stage.service.client();
    static_cast<void>(client.command("peer 127.0.0.1 teardown 6"));
    const std::string between = Json::parse(client.command("sidecar status").lines[0])["last_pong"];
    static_cast<void>(client.command("test echo ok"));
    REQUIRE(commands(stage.service).size() == 2);
    CHECK(texts(commands(stage.service, {"--peer", "127.0.0.1"})) ==
          std::vector<std::string>{"peer 127.0.0.1 teardown 6"});
    CHECK(commands(stage.service, {"--peer", "127.0.0.2"}).empty());
    CHECK(commands(stage.service, {"--user", std::to_string(geteuid())}).size() == 2);
    CHECK(commands(stage.service, {"--user", "nobody-at-all"}).empty());
    CHECK(commands(stage.service, {"--since", "1h"}).size() == 2);
    const auto early = stage.service.run({"history", "--commands", "--since", "1h"});
    CHECK(early.err.find("no records of commands before") != std::string::npos);
    for (const char* wrong : {"since", "since x", "user", "peer x", "peer 127.0.0.1 of"})
        CHECK(client.command(fmt::format("sidecar commands {}", wrong))
                  .lines.at(0)
                  .starts_with("error: bad-input: "));
    CHECK(stage.service.run({"history", "--user", "x"}).status == 2);
    CHECK(stage.service.run({"history", "--commands", "--type", "failed"}).status == 2);
}

TEST_CASE("commands that are not kept are not asked for in vain") {
    Stage stage;
    static_cast<void>(stage.service.client().command("test echo ok"));
    const auto off = stage.service.run({"history", "--commands"});
    CHECK(off.status == 0);
    CHECK(off.out.empty());
    CHECK(off.err.find("history.commands is false") != std::string::npos);
    Stage none("[history]\nstore = false\n");
    const auto refused = none.service.run({"history", "--commands"});
    CHECK(refused.status != 0);
    CHECK(refused.err.find("history.store is false") != std::string::npos);
}

TEST_CASE("many commands reach a client as it reads, all of them and in order") {
    Stage stage("[history]\ncommands = true\n[limits]\nclient_backlog = \"64KiB\"\n");
    constexpr int count = 2'000;
    std::string batch;
    for (int i = 0; i < count; ++i) batch += fmt::format("test echo {}\n", i);
    REQUIRE(stage.service.run({"run", "--batch", "-"}, batch).status == 0);
    TestClient reader = stage.service.client();
    reader.send_line("sidecar commands");
    reader.send_line("test echo ok");
    check_schema(reader.read_line().value_or("{}"));
    int next = 0;
    for (;;) {
        const auto line = reader.read_line();
        REQUIRE(line);
        if (*line == "done") break;
        if (next == count) {  // who asks for the records is in them
            CHECK(Json::parse(*line)["command"] == "sidecar commands");
            continue;
        }
        CHECK(Json::parse(*line)["command"] == fmt::format("test echo {}", next));
        ++next;
    }
    CHECK(next == count);
    CHECK(reader.read_line() == R"({"echo": "ok"})");
}
