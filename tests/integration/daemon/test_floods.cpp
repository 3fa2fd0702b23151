// SPDX-License-Identifier: BSD-3-Clause
// Floods: clients that send all they can delay nobody else, and take no more than their share.
#include <algorithm>
#include <atomic>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/integration/stage.hpp"
#include "tests/support/harness/descriptor_limit.hpp"

using namespace exapulse::test;
using namespace std::chrono_literals;

namespace {

/// Runs `body` again and again, each time in the same thread, until its end.
class Attacker {
  public:
    template <typename Body>
    explicit Attacker(Body body)
        : thread_([this, body]() mutable {
              while (!stop_) body();
          }) {}
    ~Attacker() {
        stop_ = true;
        thread_.join();
    }
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;

  private:
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

/// Sends what the socket takes of `bytes`, over and over, and throws away the answers.
class Flooder {
  public:
    Flooder(TestClient client, std::string bytes)
        : client_(std::move(client)), bytes_(std::move(bytes)) {}

    void operator()() {
        pollfd state{client_.fd(), POLLIN | POLLOUT, 0};
        if (poll(&state, 1, 100) <= 0) return;
        if ((state.revents & POLLIN) != 0) {
            char answers[65'536];
            static_cast<void>(recv(client_.fd(), answers, sizeof answers, MSG_DONTWAIT));
        }
        if ((state.revents & POLLOUT) == 0) return;
        const auto sent = send(client_.fd(), bytes_.data() + at_, bytes_.size() - at_,
                               MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) at_ = (at_ + static_cast<std::size_t>(sent)) % bytes_.size();
    }

  private:
    TestClient client_;
    std::string bytes_;
    std::size_t at_ = 0;
};

std::string repeated(std::string_view line, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text.append(line).append("\n");
    return text;
}

/// The longest that one of `count` commands of the client took.
std::chrono::milliseconds longest_of(TestClient& client, int count) {
    std::chrono::milliseconds longest{0};
    for (int i = 0; i < count; ++i) {
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(client.command("test echo ok") == echo_ok);
        const auto took = std::chrono::steady_clock::now() - start;
        longest = std::max(longest, std::chrono::ceil<std::chrono::milliseconds>(took));
        std::this_thread::sleep_for(10ms);
    }
    return longest;
}

}  // namespace

TEST_CASE("twenty clients that pipeline cheap commands without end delay another one little") {
    for (const char* line : {"bye", "sidecar status", "sidecar frobnicate"}) {
        CAPTURE(std::string(line));
        Stage stage;
        TestClient other = stage.service.client();
        std::vector<std::unique_ptr<Attacker>> attackers;
        for (int i = 0; i < 20; ++i)
            attackers.push_back(std::make_unique<Attacker>(
                [flooder = std::make_shared<Flooder>(stage.service.client(),
                                                     repeated(line, 65'536))] { (*flooder)(); }));
        const auto longest = longest_of(other, 20);
        MESSAGE(std::string(line) << ": at most " << longest.count() << " ms");
        CHECK(longest < 2s);
    }
}

TEST_CASE("a flood of commands that fail writes a few lines into the log, and their number") {
    Stage stage("[commands]\nhold = \"0ms\"\n");
    stage.exabgp.stop();
    REQUIRE(eventually([&] { return stage.service.status()["state"] != "up"; }));
    TestClient client = stage.service.client();
    REQUIRE(client.send_raw(repeated("announce route 192.0.2.0/24 next-hop self", 100'000)));
    for (int i = 0; i < 2'000; ++i) REQUIRE(client.read_answer().terminator == "error");
    CHECK(stage.service.logs("more lines about its clients left out"));
    const std::string log = stage.service.log();
    int lines = 0;
    for (auto at = log.find(": not-sent: "); at != std::string::npos;
         at = log.find(": not-sent: ", at + 1))
        ++lines;
    CHECK(lines > 0);
    CHECK(lines < 100);
}

TEST_CASE("connects without end delay a client that is attached little") {
    Stage stage;
    TestClient other = stage.service.client();
    std::vector<std::unique_ptr<Attacker>> attackers;
    for (int i = 0; i < 4; ++i)
        attackers.push_back(std::make_unique<Attacker>(
            [&] { static_cast<void>(TestClient::try_connect(stage.service.socket())); }));
    const auto longest = longest_of(other, 50);
    MESSAGE("at most " << longest.count() << " ms");
    CHECK(longest < 2s);
}

TEST_CASE("a client that connects while there is no descriptor for it waits, and is not cut") {
    Stage stage;
    TestClient before = stage.service.client();
    REQUIRE(before.command("test echo ok") == echo_ok);
    std::vector<TestClient> waiting;
    {
        const DescriptorLimit limit(0, stage.service.process().pid());
        for (int i = 0; i < 40; ++i) {
            waiting.push_back(stage.service.client());
            REQUIRE(waiting.back().send_line("test echo ok"));
        }
        CHECK(stage.service.logs("new clients wait"));
        CHECK_FALSE(waiting.front().at_eof(200ms));
        CHECK(before.command("test echo ok") == echo_ok);
    }
    for (TestClient& client : waiting) CHECK(client.read_answer() == echo_ok);
}
