// SPDX-License-Identifier: BSD-3-Clause
// An upstream that answers at once, for exapulsed, twemproxy and the others, so that they are
// measured rather than ExaBGP. `instant-upstream exabgp SOCKET` speaks what exapulsed needs of
// ExaBGP 6.0, `instant-upstream flapping SOCKET` the same with 1,000 peers that go up and down, and
// `instant-upstream redis SOCKET` answers each redis command with +OK.
// SIGUSR1 closes its connections, SIGUSR2 makes it another instance and does the same.
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tests/bench/epoll_server.hpp"

using exapulse::bench::EpollServer;

namespace {

volatile std::sig_atomic_t hang_up = 0;
volatile std::sig_atomic_t instance = 1;

bool flaps = false;

/// They are established at every other poll.
constexpr int peers = 1'000;

std::string status(int asked) {
    std::string names;
    for (int i = 0; i < peers; ++i)
        names += fmt::format(
            R"({}"neighbor 10.1.{}.{} local-ip 10.0.0.1 local-as 65001 peer-as 65002 router-id 10.0.0.9 family-allowed in-open": "{}")",
            i == 0 ? "" : ", ", i / 250, i % 250 + 1, asked % 2 == 0 ? "ESTABLISHED" : "IDLE");
    return fmt::format(R"({{"version": "6.0.0", "peers": {{{}}}}})", names);
}

void answer(std::string_view line, std::string& out) {
    static int asked = 0;
    if (line.starts_with("session ping"))
        out += fmt::format("{{\"pong\": \"00000000-0000-4000-8000-{:012}\", \"active\": true}}\n",
                           int{instance});
    else if (line.starts_with("system api version "))
        out += fmt::format("{{\"error\": \"Invalid version: {}\"}}\nerror\n", line.substr(19));
    else if (line == "system version")
        out += "{\"version\": \"6.0.0\", \"application\": \"exabgp\"}\n";
    else if (line == "daemon status")
        out += (flaps ? status(++asked) : R"({"version": "6.0.0", "peers": {}})") + "\n";
    if (!line.starts_with("system api version ")) out += "done\n";
}

void answer_exabgp(EpollServer& server, EpollServer::Client& client) {
    std::string out;
    std::size_t from = 0;
    for (std::size_t end; (end = client.in.find('\n', from)) != std::string::npos; from = end + 1)
        answer(std::string_view(client.in).substr(from, end - from), out);
    client.in.erase(0, from);
    server.send(client, out);
}

/// Only the end of a command, an array of strings, matters: all have the same length.
void answer_redis(EpollServer& server, EpollServer::Client& client) {
    static constexpr std::string_view command = "*3\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\nb\r\n";
    std::size_t whole = client.in.size() / command.size();
    client.in.erase(0, whole * command.size());
    std::string out;
    for (; whole > 0; --whole) out += "+OK\r\n";
    if (!out.empty()) server.send(client, out);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("Usage: instant-upstream exabgp|flapping|redis SOCKET\n", stderr);
        return 2;
    }
    std::signal(SIGUSR1, [](int) { hang_up = 1; });
    std::signal(SIGUSR2, [](int) {
        instance = instance + 1;
        hang_up = 1;
    });
    flaps = std::string_view(argv[1]) == "flapping";
    const bool redis = std::string_view(argv[1]) == "redis";
    EpollServer* self = nullptr;
    EpollServer server(argv[2], [&](EpollServer::Client* client) {
        if (client == nullptr) {
            if (hang_up != 0) self->close_all();
            hang_up = 0;
        } else if (redis) {
            answer_redis(*self, *client);
        } else {
            answer_exabgp(*self, *client);
        }
    });
    self = &server;
    server.run();
}
