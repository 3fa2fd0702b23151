// SPDX-License-Identifier: BSD-3-Clause
// Pipe: one end of a Unix stream socket, connected or accepted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "common/file_descriptor.hpp"
#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within its own callback, closes the socket; there are no callbacks
/// after that. What was written and not yet sent is lost.
class Pipe {
  public:
    /// Receives the events of the pipe. Each call may destroy the pipe.
    class Owner {
      public:
        /// The result of connect().
        virtual void on_connection(std::error_code) {}
        /// Bytes, valid only during the call; or none and the error, UV_EOF at the end.
        virtual void on_read(std::string_view, std::error_code) {}
        /// Bytes that the kernel had not accepted at once have been sent.
        virtual void on_sent() {}

      protected:
        ~Owner() = default;
    };

    explicit Pipe(Loop& loop);
    /// One that is connected, such as an accepted one.
    Pipe(Loop& loop, FileDescriptor connected);
    /// Reads and writes in progress continue with the new one.
    Pipe(Pipe&& other) noexcept;
    Pipe& operator=(Pipe&&) = delete;
    /// Call before anything else. `owner` must outlive the pipe, or be the one that destroys it.
    void set_owner(Owner& owner) { owner_ = &owner; }

    /// `path` must have passed socket_path_problem(): libuv 1.44 silently truncates a longer one.
    void connect(const std::string& path);

    void start_reading();
    void stop_reading();

    /// Sends now what the kernel accepts, and the rest later. After an error nothing more is sent;
    /// failed() reports the error, as does, mostly, the reading side.
    void write(std::string_view bytes);
    /// Bytes given to write() that have certainly not been sent.
    [[nodiscard]] std::uint64_t unsent() const;
    [[nodiscard]] bool failed() const { return failed_; }

    /// Whether the other end was closed, and not only its sending half. Asks the kernel.
    [[nodiscard]] bool other_end_closed() const;

    [[nodiscard]] int fd() const;

  private:
    // Each may destroy the pipe.
    void connected(int status);
    void received(ssize_t count, const uv_buf_t* buffer);
    void sent(int status);
    void refuse(std::size_t bytes);

    UniqueHandle<uv_pipe_t> handle_;

    Owner* owner_ = nullptr;
    std::uint64_t refused_ : 63 = 0;  // bytes of writes that failed at once
    bool failed_ : 1 = false;

    [[nodiscard]] uv_stream_t* stream() const {
        return reinterpret_cast<uv_stream_t*>(handle_.get());
    }
};

}  // namespace exapulse::uv
