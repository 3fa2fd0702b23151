// SPDX-License-Identifier: BSD-3-Clause
// Pipe: one end of a Unix stream socket, connected, accepted or listening.
#pragma once

#include <cstdint>
#include <functional>
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
    using OnDone = std::function<void(std::error_code)>;
    /// Bytes, valid during the call only; or none and the error, UV_EOF at the end.
    using OnRead = std::function<void(std::string_view, std::error_code)>;

    explicit Pipe(Loop& loop);

    /// `path` must have passed socket_path_problem(): libuv 1.44 cuts a longer one silently.
    void connect(const std::string& path, OnDone on_connected);

    /// Takes over a descriptor that is bound, and listens on it.
    void listen(int fd, int backlog, OnDone on_connection);
    /// The connection that on_connection told; an error leaves `client` unusable.
    [[nodiscard]] std::error_code accept(Pipe& client);

    void start_reading(OnRead on_read);
    void stop_reading();

    /// Sends now what the kernel takes, and the rest as it makes room. After an error nothing more
    /// is sent; the error is told by failed() and, mostly, by the reading side.
    void write(std::string bytes);
    /// `on_sent` is called when bytes that the kernel had not taken at once have left.
    void on_sent(std::function<void()> on_sent) { on_sent_ = std::move(on_sent); }
    /// Bytes given to write() of which it is certain that they have not left.
    [[nodiscard]] std::uint64_t unsent() const;
    [[nodiscard]] bool failed() const { return failed_; }

    [[nodiscard]] int fd() const;

  private:
    UniqueHandle<uv_pipe_t> handle_;
    OnDone on_event_;
    OnRead on_read_;
    std::function<void()> on_sent_;
    std::uint64_t refused_ = 0;  // bytes of writes that failed at once
    bool failed_ = false;

    [[nodiscard]] uv_stream_t* stream() const {
        return reinterpret_cast<uv_stream_t*>(handle_.get());
    }
};

}  // namespace exapulse::uv
