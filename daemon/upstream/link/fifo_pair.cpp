// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/fifo_pair.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

#include <fmt/format.h>

#include "daemon/system/file_rights.hpp"

namespace exapulse {

namespace {

using Failure = UpstreamLink::Failure;

std::string kind_of(mode_t mode) {
    if (S_ISREG(mode)) return "a regular file";
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

Failure not_there(const std::string& path) {
    struct stat link {};
    const bool dangling = lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
    return {Cause::Absent,
            dangling ? fmt::format("{} is a symbolic link to nothing", path)
                     : fmt::format("{} does not exist; ExaBGP needs both pipes before it starts "
                                   "(mkfifo {})",
                                   path, path)};
}

Failure describe_error(const std::string& path, int access, int error) {
    if (error == ENOENT || error == ENOTDIR) return not_there(path);
    if (error == EACCES || error == EPERM)
        return {Cause::Refused, describe_missing_rights(path, access)};
    return {Cause::Refused, fmt::format("can't open {}: {}", path, std::strerror(error))};
}

std::optional<Failure> file_problem(const std::string& path) {
    struct stat file {};
    if (stat(path.c_str(), &file) != 0) return describe_error(path, F_OK, errno);
    if (S_ISFIFO(file.st_mode)) return std::nullopt;
    return Failure{Cause::Refused,
                   fmt::format("{} is {}, not a named pipe; it is left alone: remove it and make "
                               "the pipe before ExaBGP starts (mkfifo {})",
                               path, kind_of(file.st_mode), path)};
}

/// What was looked at may have been replaced meanwhile: only what is open counts.
FifoOpened open_fifo(const std::string& path, int flags, int access) {
    FifoEnd end{FileDescriptor(open(path.c_str(), flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)), {}};
    if (!end.fd.is_open()) {
        if (errno == ENXIO)
            return Failure{
                Cause::Refused,
                fmt::format("nobody reads {}: ExaBGP is starting, or does not run", path), true};
        return describe_error(path, access, errno);
    }
    if (fstat(end.fd.get(), &end.file) != 0 || !S_ISFIFO(end.file.st_mode))
        return Failure{Cause::Refused, fmt::format("{} is not a named pipe any more", path)};
    return end;
}

}  // namespace

std::string command_pipe(const std::string& name) {
    return name + ".in";
}

std::string answer_pipe(const std::string& name) {
    return name + ".out";
}

std::optional<Failure> fifo_pair_problem(const std::string& name) {
    if (auto problem = file_problem(command_pipe(name))) return problem;
    return file_problem(answer_pipe(name));
}

FifoOpened open_answer_pipe(const std::string& name) {
    return open_fifo(answer_pipe(name), O_RDWR, R_OK | W_OK);
}

FifoOpened open_command_pipe(const std::string& name) {
    return open_fifo(command_pipe(name), O_WRONLY, W_OK);
}

}  // namespace exapulse
