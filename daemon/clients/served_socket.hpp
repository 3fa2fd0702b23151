// SPDX-License-Identifier: BSD-3-Clause
// ServedSocket: the socket file that exapulsed serves, its lock and its alias.
#pragma once

#include <stdexcept>
#include <string>
#include <sys/types.h>

#include "common/file_descriptor.hpp"
#include "daemon/config/config.hpp"
#include "daemon/upstream/link/upstream_discovery.hpp"

namespace exapulse {

/// The service can't start; what() is one whole line for the operator.
class StartupError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Replaces a stale file, left by an exapulsed that died. A file that is no socket, or on which
/// another process listens, is not touched, and StartupError is thrown. The lock PATH.lock keeps
/// two exapulsed that start together from replacing each other's file.
class ServedSocket {
  public:
    /// Binds socket.path. release() passes the descriptor to its caller, once. No alias is made at
    /// one of the paths at which `upstream` searches for ExaBGP's own socket.
    ServedSocket(const Config& config, const UpstreamDiscovery& upstream);
    /// Takes ownership of `fd`, a socket that systemd has bound. The file remains systemd's.
    ServedSocket(int fd, const Config& config, const UpstreamDiscovery& upstream);
    /// Removes the files that it made, unless they were replaced or the socket is systemd's.
    ~ServedSocket();
    ServedSocket(const ServedSocket&) = delete;
    ServedSocket& operator=(const ServedSocket&) = delete;

    [[nodiscard]] int release();
    /// Whether a client that connects to path() reaches this socket.
    [[nodiscard]] bool is_in_place() const;
    /// Creates the file again after it was removed, with its directory, lock and alias; release()
    /// then has a new descriptor. Not for systemd's socket. Throws as the constructor does, and may
    /// be called again after that.
    void serve_again(const Config& config, const UpstreamDiscovery& upstream);
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool activated() const { return activated_; }
    /// Why there is no alias for ExaBGP's own programs; empty if there is one, or none is wanted.
    [[nodiscard]] const std::string& alias_problem() const { return alias_problem_; }

  private:
    void make_directory();
    void lock();
    void remember_file();
    void clear_stale_file() const;
    void bind_file(const Config& config);
    void set_rights(const Config& config) const;
    void remove_files() const;
    void make_alias(const UpstreamDiscovery& upstream);

    std::string path_;
    bool activated_ = false;
    FileDescriptor fd_;
    FileDescriptor lock_fd_;
    dev_t device_ = 0;
    ino_t inode_ = 0;    // of the file; 0: none
    std::string alias_;  // empty: none made
    std::string alias_problem_;
};

}  // namespace exapulse
