// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/served_socket.hpp"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "daemon/access/access_lists.hpp"

namespace exapulse {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(std::string_view what, const std::string& path, std::string_view advice) {
    throw StartupError(fmt::format("{} {}: {}; {}", what, path, std::strerror(errno), advice));
}

/// Also makes its parents. Returns false, with errno set, on failure.
bool make_directories(const fs::path& directory) {
    std::error_code error;
    const fs::path parent = directory.parent_path();
    if (!parent.empty() && !fs::exists(parent, error) && !make_directories(parent)) return false;
    return mkdir(directory.c_str(), 0755) == 0;
}

int unix_socket() {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) fail("can't create a socket for", "exapulsed", "is RLIMIT_NOFILE reached?");
    return fd;
}

int try_connect(const std::string& path) {
    const int fd = unix_socket();
    const sockaddr_un address = socket_address(path);
    const int result =
        connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
    close(fd);
    return result;
}

std::string path_of(int fd) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        address.sun_family != AF_UNIX)
        throw StartupError(
            "the socket that systemd passed is not a Unix socket; exapulsed.socket "
            "must have ListenStream=/run/...");
    return static_cast<const char*>(address.sun_path);
}

}  // namespace

ServedSocket::ServedSocket(const Config& config, const UpstreamDiscovery& upstream)
    : path_(config.socket.path) {
    make_directory();
    lock();
    clear_stale_file();
    bind_file(config);
    if (config.socket.exabgp_alias) make_alias(upstream);
}

ServedSocket::ServedSocket(int fd, const Config& config, const UpstreamDiscovery& upstream)
    : path_(path_of(fd)), activated_(true), fd_(fd) {
    remember_file();
    if (config.socket.exabgp_alias) make_alias(upstream);
}

ServedSocket::~ServedSocket() {
    // systemd's socket and its alias stay: a client may start exapulsed through either.
    if (!activated_) remove_files();  // not the lock: another exapulsed may be waiting for it
}

void ServedSocket::remove_files() const {
    std::error_code ignored;
    if (!alias_.empty() && fs::read_symlink(alias_, ignored) == fs::path(path_).filename())
        unlink(alias_.c_str());
    if (is_in_place()) unlink(path_.c_str());
}

void ServedSocket::remember_file() {
    struct stat made {};
    const bool there = stat(path_.c_str(), &made) == 0;
    device_ = there ? made.st_dev : 0;
    inode_ = there ? made.st_ino : 0;
}

bool ServedSocket::is_in_place() const {
    struct stat now {};
    return inode_ != 0 && stat(path_.c_str(), &now) == 0 && now.st_ino == inode_ &&
           now.st_dev == device_ && S_ISSOCK(now.st_mode);
}

void ServedSocket::serve_again(const Config& config, const UpstreamDiscovery& upstream) {
    make_directory();
    lock();
    clear_stale_file();
    bind_file(config);
    if (config.socket.exabgp_alias) make_alias(upstream);
}

void ServedSocket::make_directory() {
    const std::string directory = fs::path(path_).parent_path().string();
    std::error_code error;
    if (!directory.empty() && !fs::exists(directory, error) && !make_directories(directory))
        fail("can't create the directory", directory, "create it, or choose another --socket");
}

int ServedSocket::release() {
    assert(fd_.is_open());
    return fd_.release();
}

/// Locks again if the locked file was removed or replaced.
void ServedSocket::lock() {
    const std::string lock_path = path_ + ".lock";
    struct stat held {
    }, named{};
    if (lock_fd_.is_open() && fstat(lock_fd_.get(), &held) == 0 &&
        stat(lock_path.c_str(), &named) == 0 && held.st_dev == named.st_dev &&
        held.st_ino == named.st_ino)
        return;
    lock_fd_.reset();
    FileDescriptor fd(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!fd.is_open())
        fail("can't open", lock_path,
             "may this user write to that directory? Otherwise choose another --socket");
    if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
        lock_fd_ = std::move(fd);
        return;
    }
    throw StartupError(fmt::format(
        "another exapulsed serves {} (it holds {}); stop it (systemctl stop {}), or choose "
        "another --socket",
        path_, lock_path, unit_that_serves(path_)));
}

void ServedSocket::clear_stale_file() const {
    struct stat found {};
    if (lstat(path_.c_str(), &found) != 0) {
        if (errno == ENOENT) return;
        fail("can't check", path_, "choose another --socket");
    }
    if (!S_ISSOCK(found.st_mode))
        throw StartupError(
            fmt::format("{} exists and is not a socket; it was not touched: remove it, "
                        "or choose another --socket",
                        path_));
    const int connected = try_connect(path_);
    if (connected != ECONNREFUSED)
        throw StartupError(
            fmt::format("another process serves {} ({}); it was not touched: stop that process, or "
                        "choose another --socket (ss -xlp shows the process)",
                        path_, connected == 0 ? "a connect succeeded" : std::strerror(connected)));
    if (unlink(path_.c_str()) != 0) fail("can't replace the stale", path_, "remove it");
}

void ServedSocket::bind_file(const Config& config) {
    fd_.reset(unix_socket());
    const sockaddr_un address = socket_address(path_);
    const mode_t before = umask(0777);  // nobody may connect before set_rights()
    const int result = bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int problem = errno;
    umask(before);
    errno = problem;
    if (result != 0) fail("can't bind", path_, "may this user write to that directory?");
    // Now: a client that connects before ClientListener listens would be refused.
    if (listen(fd_.get(), SOMAXCONN) != 0)
        fail("can't listen on", path_, "choose another --socket");
    remember_file();
    try {
        set_rights(config);
    } catch (...) {
        unlink(path_.c_str());  // no file without its rights
        throw;
    }
}

void ServedSocket::set_rights(const Config& config) const {
    if (!config.socket.group.empty()) {
        const gid_t group = socket_group(config.socket.group);
        if (chown(path_.c_str(), static_cast<uid_t>(-1), group) != 0)
            fail(fmt::format("can't give group {} to", config.socket.group), path_,
                 "is exapulsed's user a member of it?");
    }
    const auto mode = static_cast<mode_t>(std::stoul(config.socket.mode, nullptr, 8));
    if (chmod(path_.c_str(), mode) != 0) fail("can't set the mode of", path_, "see socket.mode");
}

/// ExaBGP's programs take the directory from exabgp_api_socketpath and require exabgp.sock there.
void ServedSocket::make_alias(const UpstreamDiscovery& upstream) {
    const fs::path target(path_);
    const fs::path alias = target.parent_path() / "exabgp.sock";
    if (alias == target) return;
    for (const UpstreamCandidate& candidate : upstream.candidates())
        if (candidate.path == alias) {
            alias_problem_ = fmt::format("{} is where ExaBGP's own socket may be", alias.string());
            return;
        }
    std::error_code error;
    if (fs::is_symlink(alias, error)) {
        // Made by an earlier run, or by Symlinks= in exapulsed.socket.
        if (fs::weakly_canonical(alias, error) != fs::weakly_canonical(target, error)) {
            alias_problem_ = fmt::format("{} is a symbolic link to something else", alias.string());
            return;
        }
    } else if (fs::exists(fs::symlink_status(alias, error))) {
        alias_problem_ = fmt::format("{} exists already", alias.string());
        return;
    } else if (symlink(target.filename().c_str(), alias.c_str()) != 0) {
        alias_problem_ = fmt::format("{}: {}", alias.string(), std::strerror(errno));
        return;
    }
    alias_ = alias.string();
}

}  // namespace exapulse
