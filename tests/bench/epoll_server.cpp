// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/epoll_server.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace exapulse::bench {

namespace {

constexpr std::size_t the_listener = 0;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail("socket");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

}  // namespace

FileDescriptor listen_at(const std::string& path) {
    FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(path);
    unlink(path.c_str());
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(fd.get(), 4096) != 0)
        fail("listen");
    return fd;
}

FileDescriptor connect_to(const std::string& path) {
    FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(path);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("connect");
    return fd;
}

EpollServer::EpollServer(const std::string& path, Handler handler)
    : handler_(std::move(handler)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      listener_(listen_at(path)) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = the_listener;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event) != 0) fail("epoll");
}

EpollServer::Client& EpollServer::admit(FileDescriptor fd) {
    Client& client = clients_[++last_id_];
    client.id = last_id_;
    client.fd = std::move(fd);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = client.id;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.fd.get(), &event) != 0) fail("epoll");
    return client;
}

EpollServer::Client& EpollServer::connect(const std::string& path) {
    return admit(connect_to(path));
}

EpollServer::Client* EpollServer::find(std::size_t id) {
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : &found->second;
}

void EpollServer::send(Client& client, std::string_view bytes) {
    if (client.out.empty()) changed_.push_back(client.id);
    client.out += bytes;
}

void EpollServer::send_all_but(const Client& client, std::string_view bytes) {
    for (auto& [id, other] : clients_)
        if (id != client.id) send(other, bytes);
}

void EpollServer::close_all() {
    clients_.clear();
}

void EpollServer::read(Client& client) {
    std::array<char, 65536> buffer;
    const ssize_t got = recv(client.fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        clients_.erase(client.id);
        return;
    }
    client.in.append(buffer.data(), static_cast<std::size_t>(got));
    handler_(&client);
}

void EpollServer::flush() {
    for (const std::size_t id : std::exchange(changed_, {})) {
        Client* client = find(id);
        if (client == nullptr) continue;
        const ssize_t sent =
            ::send(client->fd.get(), client->out.data(), client->out.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(client->out.size()))
            clients_.erase(id);
        else
            client->out.clear();
    }
}

void EpollServer::run() {
    std::array<epoll_event, 1024> events;
    for (;;) {
        const int count =
            epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
        if (count < 0 && errno != EINTR) fail("epoll");
        for (int i = 0; i < count; ++i) {
            const std::size_t id = events[static_cast<std::size_t>(i)].data.u64;
            if (id == the_listener) {
                FileDescriptor fd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
                if (fd.get() >= 0) admit(std::move(fd));
            } else if (Client* client = find(id)) {
                read(*client);
            }
        }
        handler_(nullptr);
        flush();
    }
}

}  // namespace exapulse::bench
