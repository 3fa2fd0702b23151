// SPDX-License-Identifier: BSD-3-Clause
// SocketLink: the channel to ExaBGP 6, a Unix socket.
#pragma once

#include <memory>
#include <string>

#include "common/file_descriptor.hpp"
#include "daemon/upstream/link/upstream_link.hpp"
#include "daemon/uv/pipe.hpp"
#include "daemon/uv/poll.hpp"

namespace exapulse {

class SocketLink final : public UpstreamLink, private uv::Pipe::Owner {
  public:
    SocketLink(uv::Loop& loop, std::string path, Callbacks callbacks)
        : UpstreamLink(std::move(callbacks)), loop_(loop), path_(std::move(path)), pipe_(loop) {}

    void open() override;
    void write(std::string_view bytes) override { pipe_.write(bytes); }
    void pause_reading() override;
    void resume_reading() override;
    [[nodiscard]] std::uint64_t unsent() const override { return pipe_.unsent(); }
    bool take_back(std::uint64_t) override { return false; }
    [[nodiscard]] bool failed() const override { return pipe_.failed(); }

  private:
    void on_connection(std::error_code error) override;
    void on_read(std::string_view bytes, std::error_code error) override;

    uv::Loop& loop_;
    std::string path_;
    uv::Pipe pipe_;
    FileDescriptor same_pipe_;           // while paused
    std::unique_ptr<uv::Poll> closing_;  // of same_pipe_
};

}  // namespace exapulse
