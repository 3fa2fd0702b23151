// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/peer_credentials.hpp"

#include <fstream>
#include <iterator>
#include <sys/socket.h>

#include <fmt/format.h>

#include "common/printable.hpp"

namespace exapulse {

PeerCredentials PeerCredentials::of(int fd) {
    PeerCredentials peer;
    ucred credentials{};
    socklen_t size = sizeof credentials;
    // Fails only for what is no Unix socket; nobody's rights are then the safe answer.
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        peer.uid = static_cast<uid_t>(-1);
        peer.gid = static_cast<gid_t>(-1);
        return peer;
    }
    peer.uid = credentials.uid;
    peer.gid = credentials.gid;
    if (credentials.pid == 0) return peer;
    peer.pid = credentials.pid;
    std::ifstream comm(fmt::format("/proc/{}/comm", credentials.pid));
    std::string name(std::istreambuf_iterator<char>(comm), {});
    if (name.ends_with('\n')) name.pop_back();
    peer.process = printable(name);  // a process may call itself anything
    return peer;
}

std::string PeerCredentials::describe(std::string_view user) const {
    const std::string who = fmt::format("uid {}{}{}", uid, user.empty() ? "" : " ", user);
    if (!pid) return fmt::format("{}, pid unknown: another PID namespace", who);
    return fmt::format("{}, pid {}{}{}", who, *pid, process.empty() ? "" : " ", process);
}

}  // namespace exapulse
