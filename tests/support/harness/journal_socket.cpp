// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/journal_socket.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <system_error>

#include "common/socket_path.hpp"
#include "tests/support/harness/child_process.hpp"

namespace exapulse::test {

namespace {

/// "NAME=value\n", or "NAME\n", the length of the value in 8 bytes, the value and "\n": see
/// https://systemd.io/JOURNAL_NATIVE_PROTOCOL
JournalSocket::Entry parse(std::string_view text) {
    JournalSocket::Entry entry;
    while (!text.empty()) {
        const auto end = text.find_first_of("=\n");
        if (end == text.npos) throw std::runtime_error("a field of the journal without a value");
        const std::string name(text.substr(0, end));
        const bool binary = text[end] == '\n';
        text.remove_prefix(end + 1);
        std::size_t size = text.find('\n');
        if (binary) {
            std::uint64_t length = 0;  // little endian, as this host is
            std::memcpy(&length, text.data(), sizeof length);
            text.remove_prefix(sizeof length);
            size = static_cast<std::size_t>(length);
        }
        entry[name] = text.substr(0, size);
        text.remove_prefix(size + 1);
    }
    return entry;
}

}  // namespace

JournalSocket::JournalSocket()
    : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string path = dir_ / "socket";
    const sockaddr_un address = socket_address(path);
    if (bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw std::system_error(errno, std::generic_category(), "bind " + path);
}

std::vector<std::string> JournalSocket::wrapper() const {
    return {"unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-ec",
            "journal=$1; shift\n"
            "mount -t tmpfs none /run\n"
            "mkdir -p /run/systemd/journal\n"
            "mount --bind \"$journal\" /run/systemd/journal\n"
            "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2)\n"
            "export JOURNAL_STREAM\n"
            "exec \"$@\"\n",
            "sh",
            dir_.path()};
}

bool JournalSocket::works() const {
    std::vector<std::string> argv = wrapper();
    argv.emplace_back("true");
    return ChildProcess(argv).wait_exit() == 0;
}

const std::vector<JournalSocket::Entry>& JournalSocket::received() {
    std::array<char, 65'536> text;
    for (;;) {
        const ssize_t got = recv(fd_.get(), text.data(), text.size(), 0);
        if (got < 0) return received_;
        received_.push_back(parse({text.data(), static_cast<std::size_t>(got)}));
    }
}

}  // namespace exapulse::test
