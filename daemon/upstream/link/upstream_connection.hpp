// SPDX-License-Identifier: BSD-3-Clause
// UpstreamConnection: the one connection to ExaBGP, found, made and made again.
#pragma once

#include <cassert>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "common/line_framer.hpp"
#include "daemon/events/event.hpp"
#include "daemon/upstream/link/fifo_link.hpp"
#include "daemon/upstream/link/reconnect_backoff.hpp"
#include "daemon/upstream/link/search_report.hpp"
#include "daemon/upstream/link/upstream_discovery.hpp"
#include "daemon/upstream/link/upstream_link.hpp"
#include "daemon/uv/folder_watch.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// Retries for ever: after each failure with a growing delay, and at once when a socket or a pipe
/// appears in one of the directories searched. Each attempt tries the existing candidates in order.
/// Those after the one that served last are left out for a while: ExaBGP 6 serves pipes as well,
/// and its socket is missing for a moment at each reload.
class UpstreamConnection {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void on_connected() = 0;
        virtual void on_connect_failed(const UpstreamLink::Failure& failure) = 0;
        /// Some bytes arrived; the lines they complete follow.
        virtual void on_upstream_bytes(std::size_t count) = 0;
        virtual void on_upstream_line(const LineFramer::Line& line) = 0;
        /// All that has arrived was reported.
        virtual void on_upstream_read() = 0;
        /// Something with the name of one of the pipes in use appeared or was removed.
        virtual void on_pipes_changed() = 0;
        /// Another program has opened or written the command pipe: see take_visit().
        virtual void on_pipe_visited() = 0;
        /// The last `unsent` bytes written never left.
        virtual void on_closed(Cause cause, const std::string& why, std::uint64_t unsent) = 0;
    };

    /// How long after a loss only the candidate that served last, and those before it, are tried.
    static constexpr Milliseconds stick_to_last{10'000};

    /// `answer_line`: the longest line that is kept, limits.answer_line.
    UpstreamConnection(uv::Loop& loop, Listener& listener, UpstreamDiscovery discovery,
                       std::size_t answer_line);

    void start() { try_to_connect(); }
    /// ExaBGP serves this connection. Until this is called, each loss makes the next attempt later:
    /// ExaBGP may be closing every connection at once.
    void served();
    /// Only while connected.
    void write(std::string_view bytes);
    /// See UpstreamLink. Only while connected.
    void pause_reading() {
        assert(connected_);
        link_->pause_reading();
    }
    void resume_reading() {
        assert(connected_);
        link_->resume_reading();
    }
    [[nodiscard]] std::uint64_t unsent() const { return link_ ? link_->unsent() : 0; }
    /// Only while connected.
    [[nodiscard]] bool take_back(std::uint64_t bytes) {
        assert(connected_);
        return link_->take_back(bytes);
    }
    /// Gives the connection up; on_closed() follows at once. Only while connected.
    void close(Cause cause, const std::string& why);

    /// Where to search from now on; a connection that exists is kept.
    void set_discovery(UpstreamDiscovery discovery);
    void set_answer_line(std::size_t limit) { framer_.set_limit(limit); }

    [[nodiscard]] const UpstreamDiscovery& discovery() const { return discovery_; }
    /// What is in use, or was last tried; nullopt when nothing was ever found.
    [[nodiscard]] const std::optional<UpstreamCandidate>& chosen() const { return chosen_; }
    /// The pipes in use; null on a socket, or when not connected.
    [[nodiscard]] const FifoLink* fifo() const { return connected_ ? fifo_ : nullptr; }
    /// See FifoLink; nothing on a socket, or when not connected.
    [[nodiscard]] FifoLink::Names follow_pipes() {
        return connected_ && fifo_ != nullptr ? fifo_->follow_names() : FifoLink::Names();
    }
    /// See FifoLink; nothing on a socket, or when not connected.
    [[nodiscard]] uv::WriteWatch::Visit take_visit() {
        return connected_ && fifo_ != nullptr ? fifo_->take_visit() : uv::WriteWatch::Visit();
    }
    /// Ends the connection as the end of ExaBGP's helper does: on_closed() follows at once. Does
    /// nothing without a connection on pipes.
    void on_helper_ended() {
        if (connected_ && fifo_ != nullptr) fifo_->helper_ended();
    }

  private:
    void try_to_connect();
    void try_next();
    void open_link();
    void opened(const std::optional<UpstreamLink::Failure>& failure);
    void attempt_failed(const UpstreamLink::Failure& failure);
    [[nodiscard]] Milliseconds next_pause();
    void read(std::string_view bytes);
    [[nodiscard]] bool is_last_to_try(const UpstreamCandidate& candidate) const;
    void watch_folders();
    void folder_changed(std::string_view name);

    uv::Loop& loop_;
    Listener& listener_;
    UpstreamDiscovery discovery_;
    std::optional<UpstreamCandidate> chosen_;
    LineFramer framer_;
    ReconnectBackoff backoff_;
    uv::Timer retry_;
    std::deque<UpstreamCandidate> untried_;  // of this attempt
    SearchReport report_;
    std::optional<UpstreamLink::Failure> failure_;  // the first of this attempt
    std::optional<UpstreamCandidate> served_by_;    // the last that served
    TimePoint lost_at_;                             // when that connection was lost
    FifoLock lock_;
    std::unique_ptr<UpstreamLink> link_;  // null between attempts
    FifoLink* fifo_ = nullptr;            // link_, when it is that
    bool connected_ = false;
    std::vector<std::unique_ptr<uv::FolderWatch>> watches_;
    using Watched = std::pair<std::string, ino_t>;
    std::vector<Watched> watched_;
};

}  // namespace exapulse
