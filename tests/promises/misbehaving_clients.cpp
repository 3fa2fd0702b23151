// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/misbehaving_clients.hpp"

#include <array>
#include <optional>
#include <random>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

class Misbehaviour {
  public:
    Misbehaviour(Setting& setting, std::uint64_t seed, bool may_operate)
        : setting_(setting), random_(seed), may_operate_(may_operate) {}

    void half_open();
    void one_byte_at_a_time();
    void many_connections();
    void flood();
    void never_read();
    void forge();
    void rubbish();
    void endless_line();
    void act_as_operator();

    void run() {
        constexpr std::array all{
            &Misbehaviour::half_open,        &Misbehaviour::one_byte_at_a_time,
            &Misbehaviour::many_connections, &Misbehaviour::flood,
            &Misbehaviour::never_read,       &Misbehaviour::forge,
            &Misbehaviour::rubbish,          &Misbehaviour::endless_line,
            &Misbehaviour::act_as_operator,
        };
        while (!setting_.ending) {
            (this->*all[random_() % all.size()])();
            pause(std::chrono::milliseconds(random_() % 200));
        }
    }

  private:
    [[nodiscard]] std::optional<TestClient> connect() const {
        return TestClient::try_connect(setting_.socket);
    }
    /// Ends early at the end of the run.
    void pause(std::chrono::milliseconds time) const {
        const auto until = steady_clock::now() + time;
        while (!setting_.ending && steady_clock::now() < until) std::this_thread::sleep_for(10ms);
    }
    /// Sends what the socket takes, for `time` at most, and reads nothing.
    void push(const TestClient& client, std::string_view bytes, std::chrono::milliseconds time) {
        const auto until = steady_clock::now() + time;
        while (!bytes.empty() && !setting_.ending && steady_clock::now() < until) {
            const ssize_t sent =
                send(client.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0)
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            else if (errno == EAGAIN)
                std::this_thread::sleep_for(5ms);
            else
                return;
        }
    }

    Setting& setting_;
    std::mt19937_64 random_;
    bool may_operate_;
};

void Misbehaviour::half_open() {
    auto client = connect();
    if (!client) return;
    push(*client, "test echo misbe", 1s);
    if (random_() % 2 == 0) client->half_close();
    pause(std::chrono::milliseconds(random_() % 3'000));
}

void Misbehaviour::one_byte_at_a_time() {
    const auto client = connect();
    if (!client) return;
    for (const char byte :
         std::string_view("test echo slowly\nsidecar status\ntest echo slowly\n")) {
        push(*client, {&byte, 1}, 1s);
        pause(std::chrono::milliseconds(random_() % 30));
    }
}

void Misbehaviour::many_connections() {
    std::vector<TestClient> clients;
    for (int i = 0; i < 300 && !setting_.ending; ++i)
        if (auto client = connect()) clients.push_back(std::move(*client));
    pause(500ms);
}

void Misbehaviour::flood() {
    const auto client = connect();
    if (!client) return;
    std::string lines;
    for (int i = 0; i < 50'000; ++i) lines += "test echo flood\n";
    push(*client, lines, 2s);
    pause(500ms);
}

void Misbehaviour::never_read() {
    const auto client = connect();
    if (!client) return;
    std::string lines;
    for (int i = 0; i < 50; ++i) lines += "sidecar history\ntest lines 500 200 unread\n";
    push(*client, lines, 2s);
    pause(2s);
}

void Misbehaviour::forge() {
    const auto client = connect();
    if (!client) return;
    push(*client,
         "system api version 1\nsession ack silence\ndone\nerror\nsession reset\ngroup start\n"
         "session sync enable\nannounce route 192.0.2.9/32 next-hop 192.0.2.1\nsession bye\n",
         1s);
    pause(300ms);
}

void Misbehaviour::rubbish() {
    const auto client = connect();
    if (!client) return;
    std::string bytes(1 + random_() % 20'000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    push(*client, bytes, 1s);
    pause(100ms);
}

void Misbehaviour::endless_line() {
    const auto client = connect();
    if (client) push(*client, std::string(3U << 20, 'a'), 2s);
}

void Misbehaviour::act_as_operator() {
    if (may_operate_) return flood();
    const auto client = connect();
    if (!client) return;
    push(*client,
         "peer * announce route 192.0.2.8/32 next-hop 192.0.2.1 community forbidden\n"
         "announce route forbidden\ntest echo forbidden\n",
         1s);
    pause(100ms);
}

}  // namespace

void misbehave(Setting& setting, std::uint64_t seed, uid_t uid, bool may_operate) {
    // The system call itself: glibc's function changes all threads.
    const bool is_another = syscall(SYS_setresuid, -1, uid, -1) == 0;
    Misbehaviour(setting, seed, may_operate || !is_another).run();
}

}  // namespace exapulse::test
