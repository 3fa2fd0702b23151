// SPDX-License-Identifier: BSD-3-Clause
// UpstreamConnection: the one connection to ExaBGP's socket, found, made and made again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "common/line_framer.hpp"
#include "daemon/event.hpp"
#include "daemon/reconnect_backoff.hpp"
#include "daemon/upstream_discovery.hpp"
#include "daemon/uv/folder_watch.hpp"
#include "daemon/uv/pipe.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// Tries for ever: after each failure with a growing delay, and at once when a socket appears in
/// one of the folders where it is looked for.
class UpstreamConnection {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void on_connected() = 0;
        virtual void on_connect_failed(Cause cause, const std::string& detail) = 0;
        /// Some bytes arrived; the lines they complete follow.
        virtual void on_upstream_bytes() = 0;
        virtual void on_upstream_line(const LineFramer::Line& line) = 0;
        /// All that has arrived is told.
        virtual void on_upstream_read() = 0;
        /// `unsent`: so many of the last bytes written never left.
        virtual void on_closed(const std::string& why, std::uint64_t unsent) = 0;
    };

    /// `answer_line`: the longest line that is kept, limits.answer_line.
    UpstreamConnection(uv::Loop& loop, Listener& listener, UpstreamDiscovery discovery,
                       std::size_t answer_line);

    void start() { try_to_connect(); }
    /// ExaBGP serves this connection. Until then a lost one is retried ever more slowly: it may be
    /// one that hangs up on everybody.
    void served() { backoff_.reset(); }
    /// Only while connected.
    void write(std::string_view bytes);

    /// Where to look from now on; a connection that stands is kept.
    void set_discovery(UpstreamDiscovery discovery);
    void set_answer_line(std::size_t limit) { framer_.set_limit(limit); }

    [[nodiscard]] const UpstreamDiscovery& discovery() const { return discovery_; }
    /// The socket in use, or the one last tried; nullopt when none was ever found.
    [[nodiscard]] const std::optional<UpstreamCandidate>& chosen() const { return chosen_; }

  private:
    void try_to_connect();
    void connected(std::error_code error);
    void attempt_failed(Cause cause, const std::string& detail);
    void read(std::string_view bytes, std::error_code error);
    void close(const std::string& why);
    void watch_folders();
    void folder_changed(std::string_view name);

    uv::Loop& loop_;
    Listener& listener_;
    UpstreamDiscovery discovery_;
    std::optional<UpstreamCandidate> chosen_;
    LineFramer framer_;
    ReconnectBackoff backoff_;
    uv::Timer retry_;
    std::unique_ptr<uv::Pipe> pipe_;  // null between attempts
    bool connected_ = false;
    std::vector<std::unique_ptr<uv::FolderWatch>> watches_;
    using Watched = std::pair<std::string, ino_t>;
    std::vector<Watched> watched_;
};

}  // namespace exapulse
