// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_relay.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "tests/support/harness/descriptor_io.hpp"

namespace exapulse::test {

namespace {

FileDescriptor open_in(const std::string& path) {
    FileDescriptor fd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (fd.is_open() && fstat(fd.get(), &status) == 0 && !S_ISFIFO(status.st_mode)) errno = EINVAL;
    if (!fd.is_open() || !S_ISFIFO(status.st_mode))
        throw std::system_error(errno, std::generic_category(), "open the named pipe " + path);
    return fd;
}

}  // namespace

PipesRelay::PipesRelay(Setup setup, int from_reactor, int to_reactor)
    : setup_(std::move(setup)),
      from_reactor_(from_reactor),
      to_reactor_(to_reactor),
      in_(open_in(setup_.name + ".in")) {}

bool PipesRelay::run() {
    constexpr int last_retry_ms = 2;
    for (;;) {
        deliver();
        if (ending_ && !has_undelivered()) return true;
        // poll() skips negative descriptors.
        std::array<pollfd, 2> polled{
            {{ending_ ? -1 : in_.get(), POLLIN, 0}, {ending_ ? -1 : from_reactor_, POLLIN, 0}}};
        const int retry = ending_ ? last_retry_ms : static_cast<int>(setup_.retry.count());
        poll(polled.data(), polled.size(), has_undelivered() ? retry : -1);
        if (polled[0].revents != 0 && !take_commands()) return false;
        if (polled[1].revents != 0) take_answers();
    }
}

bool PipesRelay::take_commands() {
    std::array<char, 4096> chunk;
    const ssize_t got = read(in_.get(), chunk.data(), chunk.size());
    if (got <= 0) return true;
    commands_.append(chunk.data(), static_cast<std::size_t>(got));
    const auto end = commands_.rfind('\n') + 1;  // 0 when there is none
    // This blocks while the reactor is stopped and the pipe to it full.
    write_all(to_reactor_, std::string_view(commands_).substr(0, end));
    commands_.erase(0, end);
    return setup_.longest_line == 0 || commands_.size() <= setup_.longest_line;
}

void PipesRelay::take_answers() {
    std::array<char, 65536> chunk;
    const ssize_t got = read(from_reactor_, chunk.data(), chunk.size());
    if (got > 0) answers_.append(chunk.data(), static_cast<std::size_t>(got));
    ending_ = got == 0;
}

bool PipesRelay::has_undelivered() const {
    return ending_ ? delivered_ < answers_.size()
                   : answers_.find('\n', delivered_) != answers_.npos;
}

void PipesRelay::deliver() {
    const std::string path = setup_.name + ".out";
    while (has_undelivered()) {
        const auto end = std::min(answers_.find('\n', delivered_), answers_.size() - 1) + 1;
        // ENXIO: nobody reads.
        const FileDescriptor out(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
        const ssize_t written =
            out.is_open() ? write(out.get(), answers_.data() + delivered_, end - delivered_) : -1;
        if (written < 0) return;
        delivered_ += static_cast<std::size_t>(written);
    }
    answers_.erase(0, delivered_);
    delivered_ = 0;
}

}  // namespace exapulse::test
