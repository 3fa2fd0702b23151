// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/refused_clients.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <vector>

#include "common/file_descriptor.hpp"
#include "common/protocol.hpp"

namespace exapulse {

namespace {

/// Clients served at once; the others wait.
constexpr std::size_t most_clients = 256;

/// Answers what `client` has sent; false if it has disconnected, or does not read.
bool answer(int client, const std::string& refusal) {
    std::array<char, 4096> bytes{};
    const auto got = recv(client, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    const auto lines = std::count(bytes.begin(), bytes.begin() + got, '\n');
    std::string text;
    for (auto line = lines; line > 0; --line) text += refusal;
    return send(client, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
}

}  // namespace

void refuse_clients(int listener, std::string_view reason, Milliseconds time) {
    const std::string refusal = format_error(ErrorCode::NotSent, reason) + "\nerror\n";
    const TimePoint end = std::chrono::steady_clock::now() + time;
    std::vector<FileDescriptor> clients;
    fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK);
    for (;;) {
        const auto left = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
        if (left <= Milliseconds(0)) return;
        std::vector<pollfd> fds;
        for (const FileDescriptor& client : clients) fds.push_back({client.get(), POLLIN, 0});
        if (clients.size() < most_clients) fds.push_back({listener, POLLIN, 0});
        if (poll(fds.data(), fds.size(), static_cast<int>(left.count())) <= 0) continue;
        const bool comes = fds.back().fd == listener && fds.back().revents != 0;
        for (std::size_t i = clients.size(); i-- > 0;)
            if (fds[i].revents != 0 && !answer(clients[i].get(), refusal))
                clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i));
        if (!comes) continue;
        FileDescriptor client(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client.is_open()) clients.push_back(std::move(client));
    }
}

}  // namespace exapulse
