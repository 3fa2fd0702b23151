// SPDX-License-Identifier: BSD-3-Clause
// FakeExapulsed: a socket whose clients get what a test says, instead of exapulsed.
#pragma once

#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <utility>

#include <doctest/doctest.h>

#include "common/file_descriptor.hpp"
#include "common/socket_path.hpp"
#include "tests/integration/service.hpp"
#include "tests/support/harness/descriptor_io.hpp"
#include "tests/support/harness/eventually.hpp"

namespace exapulse::test {

/// A client that has connected to a FakeExapulsed.
class AcceptedClient {
  public:
    explicit AcceptedClient(FileDescriptor fd) : fd_(std::move(fd)) {}

    void send_line(const std::string& line) { CHECK(write_all(fd_.get(), line + "\n")); }
    /// The next line; empty where none comes in time.
    std::string read_line() {
        std::string line;
        for (char byte = 0; read_byte(byte) && byte != '\n';) line += byte;
        return line;
    }
    bool at_eof() {
        char byte = 0;
        return wait_for(fd_.get(), POLLIN, std::chrono::steady_clock::now() + patience) &&
               recv(fd_.get(), &byte, 1, 0) == 0;
    }
    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    bool read_byte(char& byte) {
        return wait_for(fd_.get(), POLLIN, std::chrono::steady_clock::now() + patience) &&
               recv(fd_.get(), &byte, 1, 0) == 1;
    }
    FileDescriptor fd_;
};

/// An exapulsed that says what a test wants it to.
struct FakeExapulsed {
    TempDir dir;
    std::string path = dir / "exapulse.sock";
    FileDescriptor listener{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};

    FakeExapulsed() {
        const sockaddr_un address = socket_address(path);
        REQUIRE(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
        REQUIRE(listen(listener.get(), 8) == 0);
    }
    AcceptedClient accept_client() const {
        REQUIRE(wait_for(listener.get(), POLLIN, std::chrono::steady_clock::now() + patience));
        return AcceptedClient(
            FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    }
};

}  // namespace exapulse::test
