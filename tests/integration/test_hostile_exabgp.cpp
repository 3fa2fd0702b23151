// SPDX-License-Identifier: BSD-3-Clause
// A hostile ExaBGP, and hostile names: nothing that comes from elsewhere ends exapulsed, takes its
// memory, holds up its clients or reaches a log as it came.
#include <fstream>
#include <sys/prctl.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

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

bool is_harmless(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

}  // namespace

TEST_CASE("a pong that names nobody is told as such, and ends nothing") {
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
