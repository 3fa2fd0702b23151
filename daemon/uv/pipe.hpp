// SPDX-License-Identifier: BSD-3-Clause
// Pipe: one end of a Unix stream socket, connected, accepted or listening.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "daemon/uv/handle.hpp"
#include "daemon/uv/loop.hpp"

namespace exapulse::uv {

/// Destroying it, also from within a callback of its own, closes the socket; no callback comes
/// after that. What was written and not sent by then is lost.
class Pipe {
  public:
    /// Who is told what happens to it. Each call may destroy the pipe.
    class Owner {
      public:
        /// What connect() came to, or a connection to accept() where it listens.
        virtual void on_connection(std::error_code) {}
        /// Bytes, valid during the call only; or none and the error, UV_EOF at the end.
        virtual void on_read(std::string_view, std::error_code) {}
        /// Bytes that the kernel had not taken at once have left.
        virtual void on_sent() {}

      protected:
        ~Owner() = default;
    };

    explicit Pipe(Loop& loop);
    /// Reads and writes under way continue with the new one.
    Pipe(Pipe&& other) noexcept;
    Pipe& operator=(Pipe&&) = delete;
    /// Nothing is called before. `owner` outlives the pipe, or is the one that destroys it.
    void set_owner(Owner& owner) { owner_ = &owner; }

    /// `path` must have passed socket_path_problem(): libuv 1.44 cuts a longer one silently.
    void connect(const std::string& path);

    /// Takes over a descriptor that is bound, and listens on it.
    void listen(int fd, int backlog);
    /// The connection that on_connection() told; an error leaves `client` unusable.
    [[nodiscard]] std::error_code accept(Pipe& client);

    void start_reading();
    void stop_reading();

    /// Sends now what the kernel takes, and the rest as it makes room. After an error nothing more
    /// is sent; the error is told by failed() and, mostly, by the reading side.
    void write(std::string_view bytes);
    /// Bytes given to write() of which it is certain that they have not left.
    [[nodiscard]] std::uint64_t unsent() const;
    [[nodiscard]] bool failed() const { return failed_; }

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
