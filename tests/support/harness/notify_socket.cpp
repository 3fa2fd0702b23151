// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/notify_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "common/socket_path.hpp"

namespace exapulse::test {

NotifySocket::NotifySocket(std::string path)
    : path_(std::move(path)), fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const sockaddr_un address = socket_address(path_);
    if (bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw std::system_error(errno, std::generic_category(), "bind " + path_);
}

NotifySocket::~NotifySocket() {
    unlink(path_.c_str());
}

const std::vector<std::string>& NotifySocket::received() {
    std::array<char, 4096> text;
    for (;;) {
        const ssize_t got = recv(fd_.get(), text.data(), text.size(), 0);
        if (got < 0) return received_;
        received_.emplace_back(text.data(), static_cast<std::size_t>(got));
    }
}

bool NotifySocket::has_line(std::string_view line) {
    const std::string wanted = '\n' + std::string(line) + '\n';
    const auto& texts = received();
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
        return ('\n' + text + '\n').find(wanted) != std::string::npos;
    });
}

}  // namespace exapulse::test
