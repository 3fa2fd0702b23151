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

/// A stale file left by an exapulsed that died is replaced. One that somebody listens on, or that
/// is no socket, is left alone and StartupError says so. A lock beside it, PATH.lock, keeps two
/// exapulsed that start together from replacing each other's.
class ServedSocket {
  public:
    /// Binds socket.path. The descriptor belongs to the caller of release(), once. The alias must
    /// not stand where ExaBGP's own socket belongs: `upstream` says where that may be.
    ServedSocket(const Config& config, const UpstreamDiscovery& upstream);
    /// Takes over `fd`, a socket that systemd has bound and goes on owning.
    ServedSocket(int fd, const Config& config, const UpstreamDiscovery& upstream);
    /// Removes the files it made, if they are still its own and systemd has no part in them.
    ~ServedSocket();
    ServedSocket(const ServedSocket&) = delete;
    ServedSocket& operator=(const ServedSocket&) = delete;

    [[nodiscard]] int release();
    /// Whether a client that connects to path() reaches this socket.
    [[nodiscard]] bool is_in_place() const;
    /// Makes the file again after somebody has removed it, with its folder, lock and alias; a new
    /// descriptor for release(). Not for one of systemd's. Throws as the constructor does, and may
    /// then be called again.
    void serve_again(const Config& config, const UpstreamDiscovery& upstream);
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool activated() const { return activated_; }
    /// Why ExaBGP's own programs will not find the alias; empty when they will, or none is wanted.
    [[nodiscard]] const std::string& alias_problem() const { return alias_problem_; }

  private:
    void make_folder();
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
