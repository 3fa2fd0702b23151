// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/load.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>

#include "tests/bench/epoll_server.hpp"

namespace exapulse::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int longest_wait_ms = 10'000;
constexpr std::size_t buffer_size = 256U << 10;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void watch(const FileDescriptor& epoll, int fd, std::size_t index) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll");
}

void write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// What has arrived, valid until the next call; throws at the end of the stream.
std::string_view receive(int fd) {
    static const auto buffer = std::make_unique<std::array<char, buffer_size>>();
    const ssize_t got = recv(fd, buffer->data(), buffer->size(), 0);
    if (got < 0) fail("recv");
    if (got == 0) throw std::runtime_error("a client was cut");
    return {buffer->data(), static_cast<std::size_t>(got)};
}

class Events {
  public:
    /// What can be read within this time; empty if nothing can.
    template <class Visit>
    bool wait(const FileDescriptor& epoll, int timeout_ms, Visit visit) {
        const int count =
            epoll_wait(epoll.get(), events_.data(), static_cast<int>(events_.size()), timeout_ms);
        if (count < 0 && errno != EINTR) fail("epoll");
        for (int i = 0; i < count; ++i) visit(events_[static_cast<std::size_t>(i)].data.u64);
        return count > 0;
    }

  private:
    std::array<epoll_event, 1024> events_{};
};

}  // namespace

Load::Load(const std::string& path, std::size_t clients, Talk talk)
    : talk_(std::move(talk)), epoll_(epoll_create1(EPOLL_CLOEXEC)), clients_(clients) {
    for (std::size_t i = 0; i < clients; ++i) {
        clients_[i].fd = connect_to(path);
        watch(epoll_, clients_[i].fd.get(), i);
    }
}

void Load::write(Client& client, std::size_t commands) {
    std::string requests;
    for (std::size_t i = 0; i < commands; ++i) requests += talk_.request;
    client.due += commands * talk_.answer.size();
    client.written_at = Clock::now();
    write_whole(client.fd.get(), requests);
}

std::size_t Load::read(Client& client) {
    std::string_view got = receive(client.fd.get());
    if (got.size() > client.due) throw std::runtime_error("an answer too many");
    client.due -= got.size();
    std::size_t whole = 0;
    while (!got.empty()) {
        const std::string_view expected = std::string_view(talk_.answer).substr(client.matched);
        const std::size_t part = std::min(got.size(), expected.size());
        if (got.substr(0, part) != expected.substr(0, part))
            throw std::runtime_error("not the answer that is due: " + std::string(got));
        got.remove_prefix(part);
        client.matched = (client.matched + part) % talk_.answer.size();
        if (client.matched == 0) ++whole;
    }
    return whole;
}

Rate Load::run(std::size_t depth, Seconds time) {
    Rate rate;
    std::vector<double> waits;
    Events events;
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(time);
    for (Client& client : clients_) write(client, depth);
    std::uint64_t due = clients_.size() * depth;
    auto at = start;
    while (due > 0) {
        const bool came = events.wait(epoll_, longest_wait_ms, [&](std::size_t index) {
            Client& client = clients_[index];
            const std::size_t answers = read(client);
            rate.answers += answers;
            due -= answers;
            at = Clock::now();
            if (answers > 0)
                waits.push_back(
                    std::chrono::duration<double, std::micro>(at - client.written_at).count());
            if (answers == 0 || at >= end) return;
            write(client, answers);
            due += answers;
        });
        if (!came) throw std::runtime_error("no answer for 10 s");
    }
    rate.per_second = static_cast<double>(rate.answers) / Seconds(at - start).count();
    std::nth_element(waits.begin(), waits.begin() + static_cast<long>(waits.size() / 2),
                     waits.end());
    rate.median_us = waits[waits.size() / 2];
    return rate;
}

double short_lived_per_second(const std::string& path, const Talk& talk, Seconds time) {
    constexpr std::size_t at_once = 16;
    std::array<FileDescriptor, at_once> fds;
    FileDescriptor epoll(epoll_create1(EPOLL_CLOEXEC));
    const auto begin = [&](std::size_t index) {
        fds[index] = connect_to(path);
        watch(epoll, fds[index].get(), index);
        write_whole(fds[index].get(), talk.request);
    };
    const auto start = Clock::now();
    for (std::size_t i = 0; i < at_once; ++i) begin(i);
    Events events;
    std::uint64_t count = 0;
    while (Clock::now() - start < time) {
        const bool came = events.wait(epoll, longest_wait_ms, [&](std::size_t index) {
            if (receive(fds[index].get()) != talk.answer)
                throw std::runtime_error("not the answer that is due");
            ++count;
            begin(index);
        });
        if (!came) throw std::runtime_error("no answer for 10 s");
    }
    return static_cast<double>(count) / Seconds(Clock::now() - start).count();
}

Audience::Audience(const std::string& path, std::size_t clients)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), fds_(clients), lines_(clients) {
    for (std::size_t i = 0; i < clients; ++i) {
        fds_[i] = connect_to(path);
        watch(epoll_, fds_[i].get(), i);
    }
}

void Audience::greet(const std::string& greeting, std::size_t greeted) {
    for (const FileDescriptor& fd : fds_) write_whole(fd.get(), greeting);
    read(greeted);
}

Audience::Spread Audience::read(std::size_t lines) {
    Spread spread;
    Events events;
    std::fill(lines_.begin(), lines_.end(), 0);
    std::size_t left = fds_.size();
    Clock::time_point first{};
    while (left > 0) {
        const bool came = events.wait(epoll_, 3 * longest_wait_ms, [&](std::size_t index) {
            const std::string_view got = receive(fds_[index].get());
            if (first == Clock::time_point{}) first = Clock::now();
            const auto more = static_cast<std::size_t>(std::count(got.begin(), got.end(), '\n'));
            if (lines_[index] < lines && lines_[index] + more >= lines) --left;
            lines_[index] += more;
            spread.lines += more;
        });
        if (!came) throw std::runtime_error("nothing is told for 30 s");
    }
    spread.first_to_last = Clock::now() - first;
    return spread;
}

}  // namespace exapulse::bench
