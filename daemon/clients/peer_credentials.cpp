// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/peer_credentials.hpp"

#include <cerrno>
#include <fstream>
#include <sys/socket.h>

#include <fmt/format.h>

#include "common/printable.hpp"

namespace exapulse {

PeerCredentials PeerCredentials::of(int fd) {
    PeerCredentials peer;
    ucred credentials{};
    socklen_t size = sizeof credentials;
    // Fails only if it is not a Unix socket; no rights at all are then the safe answer.
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        peer.uid = static_cast<uid_t>(-1);
        peer.gid = static_cast<gid_t>(-1);
        return peer;
    }
    peer.pid = credentials.pid;
    peer.uid = credentials.uid;
    peer.gid = credentials.gid;
    return peer;
}

std::vector<gid_t> PeerCredentials::groups_of(int fd) {
    std::vector<gid_t> groups(64);
    for (;;) {
        auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const bool fits = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0;
        if (!fits && (errno != ERANGE || size <= groups.size() * sizeof(gid_t))) return {};
        groups.resize(size / sizeof(gid_t));
        if (fits) return groups;
    }
}

std::string PeerCredentials::process() const {
    if (pid == 0) return {};
    if (name_.front() == '\0') {
        std::ifstream comm(fmt::format("/proc/{}/comm", pid));
        comm.read(name_.data(), static_cast<std::streamsize>(name_.size()));
        // A newline ends the file, others may be in the name.
        if (comm.gcount() > 0) name_[static_cast<std::size_t>(comm.gcount()) - 1] = '\0';
    }
    return printable(name_.data());  // a process may call itself anything
}

std::string PeerCredentials::describe(std::string_view user) const {
    const std::string who = fmt::format("uid {}{}{}", uid, user.empty() ? "" : " ", user);
    if (pid == 0) return fmt::format("{}, pid unknown: another PID namespace", who);
    const std::string name = process();
    return fmt::format("{}, pid {}{}{}", who, pid, name.empty() ? "" : " ", name);
}

}  // namespace exapulse
