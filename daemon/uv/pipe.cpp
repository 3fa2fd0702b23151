// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/uv/pipe.hpp"

#include <array>
#include <memory>

namespace exapulse::uv {

namespace {

/// All reads of the one loop thread go through here: a read is consumed before the next begins.
std::array<char, 65'536> read_buffer;

/// Owns its payload until libuv has done with it.
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

void Pipe::connect(const std::string& path, OnDone on_connected) {
    on_event_ = std::move(on_connected);
    // The request dies in its callback, which comes also when the handle is closed meanwhile.
    uv_pipe_connect(new uv_connect_t{}, handle_.get(), path.c_str(),
                    [](uv_connect_t* request, int status) {
                        const std::unique_ptr<uv_connect_t> owned(request);
                        if (request->handle->data == nullptr) return;
                        const auto done = static_cast<Pipe*>(request->handle->data)->on_event_;
                        done(error(status));
                    });
}

void Pipe::listen(int fd, int backlog, OnDone on_connection) {
    on_event_ = std::move(on_connection);
    check(uv_pipe_open(handle_.get(), fd), "uv_pipe_open");
    check(uv_listen(stream(), backlog,
                    [](uv_stream_t* server, int status) {
                        if (server->data == nullptr) return;
                        static_cast<Pipe*>(server->data)->on_event_(error(status));
                    }),
          "uv_listen");
}

std::error_code Pipe::accept(Pipe& client) {
    return error(uv_accept(stream(), client.stream()));
}

void Pipe::start_reading(OnRead on_read) {
    on_read_ = std::move(on_read);
    uv_read_start(
        stream(),
        [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
            *buffer = buffer_of(read_buffer.data(), read_buffer.size());
        },
        [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
            if (count == 0 || stream->data == nullptr) return;
            const auto on_bytes = static_cast<Pipe*>(stream->data)->on_read_;
            if (count < 0)
                on_bytes({}, error(static_cast<int>(count)));
            else
                on_bytes({buffer->base, static_cast<std::size_t>(count)}, {});
        });
}

void Pipe::stop_reading() {
    uv_read_stop(stream());
}

void Pipe::write(std::string bytes) {
    if (failed_) {
        refused_ += bytes.size();
        return;
    }
    if (uv_stream_get_write_queue_size(stream()) == 0) {
        const uv_buf_t all = buffer_of(bytes.data(), bytes.size());
        const int sent = uv_try_write(stream(), &all, 1);
        if (sent < 0 && sent != UV_EAGAIN) {
            failed_ = true;
            refused_ += bytes.size();
            return;
        }
        if (sent > 0) bytes.erase(0, static_cast<std::size_t>(sent));
        if (bytes.empty()) return;
    }
    auto request = std::make_unique<WriteRequest>();
    request->bytes = std::move(bytes);
    request->request.data = request.get();
    const uv_buf_t rest = buffer_of(request->bytes.data(), request->bytes.size());
    const int status = uv_write(&request->request, stream(), &rest, 1, [](uv_write_t* done, int s) {
        const std::unique_ptr<WriteRequest> owned(static_cast<WriteRequest*>(done->data));
        if (done->handle->data == nullptr) return;
        Pipe& pipe = *static_cast<Pipe*>(done->handle->data);
        if (s < 0) pipe.failed_ = true;
        if (const auto on_sent = pipe.on_sent_) on_sent();
    });
    if (status < 0) {
        failed_ = true;
        refused_ += request->bytes.size();
    } else {
        static_cast<void>(request.release());  // owned by its callback now
    }
}

std::uint64_t Pipe::unsent() const {
    return refused_ + uv_stream_get_write_queue_size(stream());
}

int Pipe::fd() const {
    uv_os_fd_t fd = -1;
    uv_fileno(reinterpret_cast<const uv_handle_t*>(handle_.get()), &fd);
    return fd;
}

}  // namespace exapulse::uv
