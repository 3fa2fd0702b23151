// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/free_port.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>

#include "common/file_descriptor.hpp"

namespace exapulse::test {

int free_port(const std::string& address) {
    const FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in name{};
    name.sin_family = AF_INET;
    inet_pton(AF_INET, address.c_str(), &name.sin_addr);
    socklen_t size = sizeof(name);
    auto* generic = reinterpret_cast<sockaddr*>(&name);
    if (bind(fd.get(), generic, size) != 0 || getsockname(fd.get(), generic, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "find a free port on " + address);
    return ntohs(name.sin_port);
}

}  // namespace exapulse::test
