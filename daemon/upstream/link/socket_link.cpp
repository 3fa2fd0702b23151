// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/socket_link.hpp"

#include <cassert>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "common/socket_path.hpp"
#include "daemon/system/file_rights.hpp"

namespace exapulse {

namespace {

std::string describe_refusal(const std::string& path, std::error_code error) {
    switch (error.value()) {
        case UV_ENOENT:
            return fmt::format("{} was removed while it was being opened", path);
        case UV_ECONNREFUSED:
            return fmt::format(
                "nobody listens on {}: ExaBGP is starting, or was killed and left "
                "its socket behind",
                path);
        case UV_EACCES:
            return describe_missing_rights(path, R_OK | W_OK);
        case UV_EAGAIN:
            return fmt::format(
                "{} is busy: ExaBGP serves one client at a time and others stand "
                "in line (ss -xp shows them)",
                path);
        default:
            return fmt::format("can't connect to {}: {}", path, error.message());
    }
}

}  // namespace

void SocketLink::open() {
    if (const auto problem = socket_path_problem(path_)) {
        tell_open(Failure{Cause::Refused, fmt::format("{} {}", path_, *problem)});
        return;
    }
    pipe_.set_owner(*this);
    pipe_.connect(path_);
}

void SocketLink::on_connection(std::error_code error) {
    if (error) {
        const Cause cause = error.value() == UV_ENOENT ? Cause::Absent : Cause::Refused;
        tell_open(Failure{cause, describe_refusal(path_, error)});
        return;
    }
    pipe_.start_reading();
    tell_open(std::nullopt);
}

/// libuv does not watch a stream that it does not read, so the end of ExaBGP would go unnoticed.
void SocketLink::pause_reading() {
    assert(closing_ == nullptr);
    pipe_.stop_reading();
    same_pipe_.reset(fcntl(pipe_.fd(), F_DUPFD_CLOEXEC, 0));
    if (!same_pipe_.is_open()) return;  // out of descriptors: noticed once it is read again
    closing_ =
        std::make_unique<uv::Poll>(loop_, same_pipe_.get(), [this](int) { resume_reading(); });
    closing_->start(UV_DISCONNECT);
}

void SocketLink::resume_reading() {
    closing_.reset();  // before what it polls
    same_pipe_.reset();
    pipe_.start_reading();
}

void SocketLink::on_read(std::string_view bytes, std::error_code error) {
    if (!error)
        tell_bytes(bytes);
    else if (error.value() == UV_EOF)
        tell_end("ExaBGP closed the connection");
    else
        tell_end(fmt::format("the connection broke: {}", error.message()));
}

}  // namespace exapulse
