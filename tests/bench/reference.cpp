// SPDX-License-Identifier: BSD-3-Clause
// Minimal programs that do what exapulsed does, without any of its checks.
// `reference relay SOCKET UPSTREAM` passes each line of its clients to one upstream connection and
// matches the answers, one `done` each, by order. `reference serve SOCKET` answers each line with
// `done`, and a line "publish TEXT" by sending TEXT to all other clients.
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>

#include "tests/bench/epoll_server.hpp"

using exapulse::bench::EpollServer;

namespace {

/// Passes on each complete line that has arrived, with its LF.
template <class Take>
void take_lines(EpollServer::Client& client, Take take) {
    std::size_t from = 0;
    for (std::size_t end; (end = client.in.find('\n', from)) != std::string::npos; from = end + 1)
        take(std::string_view(client.in).substr(from, end + 1 - from));
    client.in.erase(0, from);
}

[[noreturn]] void relay(const std::string& path, const std::string& upstream_path) {
    std::deque<std::size_t> askers;
    EpollServer* self = nullptr;
    EpollServer::Client* upstream = nullptr;
    EpollServer server(path, [&](EpollServer::Client* client) {
        if (client == nullptr) return;
        take_lines(*client, [&](std::string_view line) {
            if (client != upstream) {
                askers.push_back(client->id);
                self->send(*upstream, line);
                return;
            }
            if (EpollServer::Client* asker = self->find(askers.front())) self->send(*asker, line);
            askers.pop_front();
        });
    });
    self = &server;
    upstream = &server.connect(upstream_path);
    server.run();
}

[[noreturn]] void serve(const std::string& path) {
    EpollServer* self = nullptr;
    EpollServer server(path, [&](EpollServer::Client* client) {
        if (client == nullptr) return;
        take_lines(*client, [&](std::string_view line) {
            constexpr std::string_view publish = "publish ";
            if (line.starts_with(publish)) self->send_all_but(*client, line.substr(publish.size()));
            self->send(*client, "done\n");
        });
    });
    self = &server;
    server.run();
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (mode == "relay" && argc == 4) relay(argv[2], argv[3]);
    if (mode == "serve" && argc == 3) serve(argv[2]);
    std::fputs("Usage: reference relay SOCKET UPSTREAM | reference serve SOCKET\n", stderr);
    return 2;
}
