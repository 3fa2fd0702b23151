// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/upstream_connection.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include "common/file_descriptor.hpp"
#include "daemon/upstream/link/socket_link.hpp"

namespace exapulse {

UpstreamConnection::UpstreamConnection(uv::Loop& loop, Listener& listener,
                                       UpstreamDiscovery discovery, std::size_t answer_line)
    : loop_(loop),
      listener_(listener),
      discovery_(std::move(discovery)),
      framer_(answer_line),
      backoff_(static_cast<std::uint32_t>(getpid())),
      retry_(loop, [this] { try_to_connect(); }) {}

void UpstreamConnection::try_to_connect() {
    if (connected_) {  // a write failed and the end of the stream does not come
        close(Cause::Closed, "writing to ExaBGP failed");
        return;
    }
    retry_.stop();
    discovery_.refresh();
    watch_folders();
    failure_.reset();
    untried_.clear();
    for (const UpstreamCandidate& candidate : discovery_.present()) {
        untried_.push_back(candidate);
        if (is_last_to_try(candidate)) break;
    }
    try_next();
}

/// One that served is not given up for a later one just because it is unreachable for a moment.
bool UpstreamConnection::is_last_to_try(const UpstreamCandidate& candidate) const {
    const auto& all = discovery_.candidates();
    if (!served_by_ || std::chrono::steady_clock::now() - lost_at_ >= stick_to_last) return false;
    const auto served = std::find(all.begin(), all.end(), *served_by_);
    const auto next = std::find(all.begin(), all.end(), candidate);
    return served != all.end() && next >= served;
}

void UpstreamConnection::try_next() {
    if (untried_.empty()) {
        const TimePoint now = std::chrono::steady_clock::now();
        attempt_failed(failure_ ? report_.failed(discovery_, *failure_, now)
                                : report_.nothing_found(discovery_, now));
        return;
    }
    chosen_ = untried_.front();
    untried_.pop_front();
    open_link();
}

void UpstreamConnection::open_link() {
    assert(chosen_);
    UpstreamLink::Callbacks callbacks;
    callbacks.on_open = [this](const auto& failure) { opened(failure); };
    callbacks.on_bytes = [this](std::string_view bytes) { read(bytes); };
    callbacks.on_end = [this](const std::string& why) { close(Cause::Closed, why); };
    if (chosen_->kind == UpstreamKind::Fifo) {
        auto fifo = std::make_unique<FifoLink>(loop_, chosen_->path, lock_, std::move(callbacks),
                                               [this] { listener_.on_pipe_visited(); });
        fifo_ = fifo.get();
        link_ = std::move(fifo);
    } else {
        fifo_ = nullptr;
        link_ = std::make_unique<SocketLink>(loop_, chosen_->path, std::move(callbacks));
    }
    link_->open();
}

void UpstreamConnection::opened(const std::optional<UpstreamLink::Failure>& failure) {
    if (failure) {
        if (!failure_) failure_ = failure;
        link_.reset();
        try_next();
        return;
    }
    assert(!connected_ && link_ != nullptr);
    connected_ = true;
    framer_.reset();
    listener_.on_connected();
}

void UpstreamConnection::attempt_failed(const UpstreamLink::Failure& failure) {
    retry_.start(next_pause());
    listener_.on_connect_failed(failure);
}

/// After an attempt that failed, and after a loss.
Milliseconds UpstreamConnection::next_pause() {
    const bool pipes = chosen_ && chosen_->kind == UpstreamKind::Fifo;
    return backoff_.next(pipes ? ReconnectBackoff::longest_on_pipes : ReconnectBackoff::longest);
}

void UpstreamConnection::read(std::string_view bytes) {
    assert(connected_);
    listener_.on_upstream_bytes(bytes.size());
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        listener_.on_upstream_line(line);
        return connected_;
    });
    if (connected_) listener_.on_upstream_read();
}

void UpstreamConnection::close(Cause cause, const std::string& why) {
    assert(connected_ && link_ != nullptr);
    const std::uint64_t unsent = link_->unsent();
    connected_ = false;
    lost_at_ = std::chrono::steady_clock::now();
    link_.reset();
    // An ExaBGP that announced its end keeps its pipes open for a moment.
    retry_.start(cause == Cause::Stopped ? ReconnectBackoff::longest_on_pipes : next_pause());
    listener_.on_closed(cause, why, unsent);
}

void UpstreamConnection::served() {
    assert(connected_);
    backoff_.reset();
    served_by_ = chosen_;
}

void UpstreamConnection::write(std::string_view bytes) {
    assert(connected_);
    link_->write(bytes);
    // Usually ExaBGP's close follows and has a better reason; this is for when it does not.
    if (link_->failed() && !retry_.active()) retry_.start(ReconnectBackoff::first);
}

void UpstreamConnection::set_discovery(UpstreamDiscovery discovery) {
    discovery_ = std::move(discovery);
    if (connected_) return;
    backoff_.retry_soon();
    retry_.start(backoff_.next());
}

/// Directories come and go (/run/exabgp with a package's service), so they are checked at each
/// attempt. One that was made anew is another one: the kernel watches inodes, not names.
void UpstreamConnection::watch_folders() {
    std::vector<Watched> folders;
    for (const std::string& name : discovery_.folders_to_watch()) {
        struct stat found {};
        folders.emplace_back(name, stat(name.c_str(), &found) == 0 ? found.st_ino : 0);
    }
    const bool complete = std::none_of(watches_.begin(), watches_.end(), [](const auto& watch) {
        return lacks_resources(-watch->problem().value());  // libuv's are negative
    });
    if (folders == watched_ && complete) return;
    watches_.clear();
    for (const auto& [folder, inode] : folders)
        watches_.push_back(std::make_unique<uv::FolderWatch>(
            loop_, folder, [this](std::string_view name) { folder_changed(name); }));
    watched_ = std::move(folders);
}

void UpstreamConnection::folder_changed(std::string_view name) {
    if (connected_ && fifo_ != nullptr) {
        const std::string last = std::filesystem::path(chosen_->path).filename();
        if (name == command_pipe(last) || name == answer_pipe(last)) listener_.on_pipes_changed();
    }
    if (link_ != nullptr) return;
    // Any part of a candidate's path: a parent directory may be what has just appeared.
    const auto concerns = [&](const UpstreamCandidate& candidate) {
        const std::filesystem::path path(candidate.path);
        const std::string last = path.filename();
        return name == last + ".in" || name == last + ".out" ||
               std::find(path.begin(), path.end(), std::filesystem::path(name)) != path.end();
    };
    const auto& candidates = discovery_.candidates();
    if (std::none_of(candidates.begin(), candidates.end(), concerns)) return;
    spdlog::debug(
        "upstream: {} appeared or was removed where ExaBGP is searched for; trying at once", name);
    backoff_.retry_soon();
    retry_.start(std::chrono::milliseconds(0));
}

}  // namespace exapulse
