// SPDX-License-Identifier: BSD-3-Clause
// A hostile ExaBGP, and hostile names: nothing that comes from elsewhere ends exapulsed, takes its
// memory, holds up its clients or reaches a log as it came.
#include <algorithm>
#include <fstream>
#include <string>
#include <sys/prctl.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/integration/memory_tells.hpp"
#include "tests/integration/stage.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

std::string name_of_this_thread() {
    std::string name(16, '\0');
    prctl(PR_GET_NAME, name.data());
    return name.c_str();
}

/// This process under another name, as its clients' peer credentials show it.
class Renamed {
  public:
    explicit Renamed(const char* name) : own_(name_of_this_thread()) { prctl(PR_SET_NAME, name); }
    ~Renamed() { prctl(PR_SET_NAME, own_.c_str()); }
    Renamed(const Renamed&) = delete;
    Renamed& operator=(const Renamed&) = delete;

  private:
    std::string own_;
};

/// VmRSS or VmHWM of proc(5), in MiB.
long memory(Stage& stage, const std::string& name) {
    std::ifstream status(fmt::format("/proc/{}/status", stage.service.process().pid()));
    for (std::string word; status >> word;) {
        long kibibytes = 0;
        if (word == name + ":" && status >> kibibytes) return kibibytes / 1024;
    }
    return -1;
}

bool is_harmless(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

}  // namespace

TEST_CASE("a pong without a UUID is reported as such, and crashes nothing") {
    for (const bool text : {false, true}) {
        for (const std::string& uuid : {std::string("\xff\xfe\x80"), std::string("\x1b[2J\x07"),
                                        std::string("two\nlines"), std::string(100'000, 'a')}) {
            CAPTURE(text);
            CAPTURE(uuid.substr(0, 20));
            Stage stage("", "100ms");
            const std::string own = stage.exabgp.uuid();
            Subscription events = stage.service.subscribe();
            stage.exabgp.set_text_pongs(text);
            stage.exabgp.set_uuid(uuid);
            CHECK(eventually([&] { return stage.service.status()["uuid"] == own; }));
            CHECK(stage.service.client().command("test echo ok") == echo_ok);
            if (uuid.find('\n') == uuid.npos) {  // else its pongs are out of step, too
                CHECK(events.next("failed")["uuid"] == own);
                const std::string detail = stage.service.status()["upstream"]["detail"];
                CHECK_MESSAGE(detail.find("UUID") != detail.npos, detail);
                CHECK(stage.service.logs("can't be used"));
            }
            stage.exabgp.set_uuid(own);
            CHECK(eventually([&] { return stage.service.status()["state"] == "up"; }));
            CHECK(is_harmless(stage.service.log()));
            CHECK(stage.service.process().is_running());
        }
    }
}

TEST_CASE("a process may call itself anything: logs and answers stay one line each") {
    Stage stage;
    const Renamed renamed("\x1b[2J\n<0>x\xff");
    TestClient client = stage.service.client();
    CHECK(client.command("test echo ok") == echo_ok);
    const Answer clients = client.command("sidecar clients");
    REQUIRE(clients.lines.size() == 1);
    CHECK(Json::parse(clients.lines[0])[0]["process"] == R"(\x1b[2J\n<0>x\xff)");
    CHECK(stage.service.logs(R"(\x1b[2J\n<0>x\xff))"));
    CHECK(is_harmless(stage.service.log()));
}

TEST_CASE("a huge nested line delays nobody, and its memory is freed") {
    for (const char* start : {"", R"({"pong": )", R"({"answer": )"}) {
        CAPTURE(std::string(start));
        Stage stage;
        stage.exabgp.set_cut_lines(false);
        stage.exabgp.set_answer("test huge", start + std::string(60U << 20, '[') + "\ndone\n");
        TestClient asker = stage.service.client(), other = stage.service.client();
        CHECK(other.command("test echo ok") == echo_ok);
        const long before = memory(stage, "VmRSS");
        REQUIRE(before > 0);
        CHECK(asker.send_line("test huge x"));
        REQUIRE(eventually([&] { return stage.exabgp.count_of("test huge x") == 1; }));
        // Served between two reads of the line.
        CHECK(other.command("sidecar version").terminator == "done");
        // It has all of the line, or was cut for its limits.client_backlog.
        static_cast<void>(asker.read_answer(60s));
        CHECK(other.command("test echo ok", 60s) == echo_ok);
        CHECK(stage.service.process().is_running());
        if (!memory_tells) continue;
        CHECK(eventually([&] { return memory(stage, "VmRSS") < before + 32; }));
        CHECK_MESSAGE(memory(stage, "VmHWM") < before + 512, "four copies of the line, at most");
    }
}

TEST_CASE("an invalid answer about peers is refused, whatever it is") {
    Stage stage;
    const std::string deep(200'000, '[');
    for (const std::string& answer :
         {deep, R"({"peers": )" + deep, R"({"peers": {"neighbor 10.0.0.2": )" + deep,
          std::string(R"({"peers": {"neighbor 10.0.0.2\u001b[2J": "IDLE"}})"),
          std::string(R"({"peers": {"neighbor 10.0.0.2": "ID\nLE"}})"),
          std::string("{\"peers\": {\"neighbor 10.0.0.2\": \"\xff\"}}"),
          R"({"peers": {"neighbor )" + std::string(1'000, '1') + R"(": "IDLE"}})"}) {
        CAPTURE(answer.substr(0, 50));
        stage.exabgp.set_answer("daemon status", answer + "\ndone\n");
        TestClient client = stage.service.client();
        const Answer peers = client.command("sidecar peers");
        CHECK(peers.terminator == "error");
        REQUIRE(peers.lines.size() == 1);
        CHECK(is_harmless(peers.lines[0]));
        CHECK(client.command("test echo ok") == echo_ok);
    }
    stage.exabgp.clear_answers();
    CHECK(stage.service.client().command("sidecar peers").terminator == "done");
    CHECK(is_harmless(stage.service.log()));
}
