// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/pipe.hpp"

#include <array>
#include <cassert>
#include <memory>
#include <poll.h>
#include <utility>

namespace exapulse::uv {

namespace {

/// Shared by all reads of the one loop thread: a read is consumed before the next begins.
std::array<char, 65'536> read_buffer;

/// Owns its payload until libuv is done with it.
struct WriteRequest {
    uv_write_t request{};
    std::string bytes;
};

uv_buf_t buffer_of(const char* bytes, std::size_t size) {
    return uv_buf_init(const_cast<char*>(bytes), static_cast<unsigned>(size));
}

}  // namespace

Pipe::Pipe(Loop& loop)
    : handle_(make_handle<uv_pipe_t>(this, "uv_pipe_init", [&](uv_pipe_t* pipe) {
          return uv_pipe_init(loop.get(), pipe, 0);
      })) {}

Pipe::Pipe(Loop& loop, FileDescriptor connected) : Pipe(loop) {
    assert(connected.is_open());
    check(uv_pipe_open(handle_.get(), connected.get()), "uv_pipe_open");
    static_cast<void>(connected.release());  // owned by the handle now
}

Pipe::Pipe(Pipe&& other) noexcept
    : handle_(std::move(other.handle_)),
      owner_(other.owner_),
      refused_(other.refused_),
      failed_(other.failed_) {
    assert(handle_ != nullptr);
    handle_->data = this;
}

void Pipe::connected(int status) {
    owner_->on_connection(error(status));
}

void Pipe::received(ssize_t count, const uv_buf_t* buffer) {
    if (count < 0)
        owner_->on_read({}, error(static_cast<int>(count)));
    else if (count > 0)
        owner_->on_read({buffer->base, static_cast<std::size_t>(count)}, {});
}

void Pipe::sent(int status) {
    if (status < 0) failed_ = true;
    if (owner_ != nullptr) owner_->on_sent();
}

void Pipe::connect(const std::string& path) {
    assert(owner_ != nullptr);
    // The request is freed in its callback, which is also called if the handle is closed meanwhile.
    uv_pipe_connect(new uv_connect_t{}, handle_.get(), path.c_str(),
                    [](uv_connect_t* request, int status) {
                        const std::unique_ptr<uv_connect_t> owned(request);
                        deliver(request->handle, &Pipe::connected, status);
                    });
}

void Pipe::start_reading() {
    assert(owner_ != nullptr);
    uv_read_start(
        stream(),
        [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
            *buffer = buffer_of(read_buffer.data(), read_buffer.size());
        },
        [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
            deliver(stream, &Pipe::received, count, buffer);
        });
}

void Pipe::stop_reading() {
    uv_read_stop(stream());
}

void Pipe::refuse(std::size_t bytes) {
    failed_ = true;
    constexpr std::uint64_t all_63_bits = ~std::uint64_t{0} >> 1;
    refused_ = (refused_ + bytes) & all_63_bits;
}

void Pipe::write(std::string_view bytes) {
    if (failed_) {
        refuse(bytes.size());
        return;
    }
    if (uv_stream_get_write_queue_size(stream()) == 0) {
        const uv_buf_t all = buffer_of(bytes.data(), bytes.size());
        const int sent = uv_try_write(stream(), &all, 1);
        if (sent < 0 && sent != UV_EAGAIN) {
            refuse(bytes.size());
            return;
        }
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (bytes.empty()) return;
    }
    auto request = std::make_unique<WriteRequest>();
    request->bytes = bytes;
    request->request.data = request.get();
    const uv_buf_t rest = buffer_of(request->bytes.data(), request->bytes.size());
    const int status = uv_write(&request->request, stream(), &rest, 1, [](uv_write_t* done, int s) {
        const std::unique_ptr<WriteRequest> owned(static_cast<WriteRequest*>(done->data));
        deliver(done->handle, &Pipe::sent, s);
    });
    if (status < 0) {
        refuse(request->bytes.size());
    } else {
        static_cast<void>(request.release());  // owned by its callback now
    }
}

std::uint64_t Pipe::unsent() const {
    return refused_ + uv_stream_get_write_queue_size(stream());
}

bool Pipe::other_end_closed() const {
    pollfd state{fd(), 0, 0};
    return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

int Pipe::fd() const {
    uv_os_fd_t fd = -1;
    uv_fileno(reinterpret_cast<const uv_handle_t*>(handle_.get()), &fd);
    return fd;
}

}  // namespace exapulse::uv
