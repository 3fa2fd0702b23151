// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream_connection.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "common/socket_path.hpp"

namespace exapulse {

namespace {

std::string where_looked(const UpstreamDiscovery& discovery) {
    std::vector<std::string_view> paths;
    for (const UpstreamCandidate& candidate : discovery.candidates())
        paths.push_back(candidate.path);
    return fmt::format("no ExaBGP socket; looked for {}", fmt::join(paths, ", "));
}

std::string describe_refusal(const std::string& path, std::error_code error) {
    switch (error.value()) {
        case UV_ECONNREFUSED:
            return fmt::format(
                "nobody listens on {}: ExaBGP is starting, or was killed and left "
                "its socket behind",
                path);
        case UV_EACCES:
            return fmt::format(
                "no permission to connect to {}: run exapulsed as ExaBGP's user, "
                "or give its group rw on the socket and x on its folder",
                path);
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
        close("writing to ExaBGP failed");
        return;
    }
    retry_.stop();
    watch_folders();
    const UpstreamCandidate* found = discovery_.find();
    if (found == nullptr) {
        attempt_failed(Cause::Absent, where_looked(discovery_));
        return;
    }
    chosen_ = *found;
    if (const auto problem = socket_path_problem(found->path)) {
        attempt_failed(Cause::Refused, *problem);
        return;
    }
    pipe_ = std::make_unique<uv::Pipe>(loop_);
    pipe_->connect(found->path, [this](std::error_code error) { connected(error); });
}

void UpstreamConnection::connected(std::error_code error) {
    if (error) {
        pipe_.reset();
        const bool absent = error.value() == UV_ENOENT;
        attempt_failed(absent ? Cause::Absent : Cause::Refused,
                       absent ? where_looked(discovery_) : describe_refusal(chosen_->path, error));
        return;
    }
    connected_ = true;
    framer_.reset();
    pipe_->start_reading([this](std::string_view bytes, std::error_code e) { read(bytes, e); });
    listener_.on_connected();
}

void UpstreamConnection::attempt_failed(Cause cause, const std::string& detail) {
    retry_.start(backoff_.next());
    listener_.on_connect_failed(cause, detail);
}

void UpstreamConnection::read(std::string_view bytes, std::error_code error) {
    if (error) {
        close(error.value() == UV_EOF ? std::string("ExaBGP closed the connection")
                                      : fmt::format("the connection broke: {}", error.message()));
        return;
    }
    listener_.on_upstream_bytes();
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        listener_.on_upstream_line(line);
        return connected_;
    });
    if (connected_) listener_.on_upstream_read();
}

void UpstreamConnection::close(const std::string& why) {
    const std::uint64_t unsent = pipe_->unsent();
    connected_ = false;
    pipe_.reset();
    retry_.start(backoff_.next());
    listener_.on_closed(why, unsent);
}

void UpstreamConnection::write(std::string_view bytes) {
    assert(connected_);
    pipe_->write(std::string(bytes));
    // The peer's close follows as a rule and says more; this is for when it does not.
    if (pipe_->failed() && !retry_.active()) retry_.start(ReconnectBackoff::first);
}

void UpstreamConnection::set_discovery(UpstreamDiscovery discovery) {
    discovery_ = std::move(discovery);
    if (connected_) return;
    backoff_.nudge();
    retry_.start(backoff_.next());
}

/// Folders come and go (/run/exabgp with a package's service), so this is looked at each attempt.
/// One that was made anew is another folder: the kernel watches inodes, not names.
void UpstreamConnection::watch_folders() {
    std::vector<Watched> folders;
    for (const std::string& name : discovery_.folders_to_watch()) {
        struct stat found {};
        folders.emplace_back(name, stat(name.c_str(), &found) == 0 ? found.st_ino : 0);
    }
    if (folders == watched_) return;
    watches_.clear();
    for (const auto& [folder, inode] : folders)
        watches_.push_back(std::make_unique<uv::FolderWatch>(
            loop_, folder, [this](std::string_view name) { folder_changed(name); }));
    watched_ = std::move(folders);
}

void UpstreamConnection::folder_changed(std::string_view name) {
    if (pipe_ != nullptr) return;
    // Any part of a candidate's path: a folder on the way may be what has just appeared.
    const auto concerns = [&](const UpstreamCandidate& candidate) {
        const std::filesystem::path path(candidate.path);
        return std::find(path.begin(), path.end(), std::filesystem::path(name)) != path.end();
    };
    const auto& candidates = discovery_.candidates();
    if (std::none_of(candidates.begin(), candidates.end(), concerns)) return;
    spdlog::debug("upstream: {} appeared or went where ExaBGP is looked for; trying at once", name);
    backoff_.nudge();
    retry_.start(std::chrono::milliseconds(0));
}

}  // namespace exapulse
