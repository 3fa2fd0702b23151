// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/pipe_owner.hpp"

#include <cassert>
#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "daemon/upstream/link/fifo_link.hpp"

namespace exapulse {

namespace {

/// How long the helper of an ExaBGP that has ended may take to pass on what is left, and end too.
constexpr std::chrono::milliseconds helper_grace{300};

}  // namespace

PipeOwner::PipeOwner(uv::Loop& loop, std::string pidfile, const std::optional<KnownInstance>& known,
                     std::function<void()> on_end)
    : loop_(loop),
      instances_(std::move(pidfile), known),
      on_end_(std::move(on_end)),
      helper_grace_(loop, [this] { on_end_(); }) {}

void PipeOwner::identify(const FifoLink& pipes) {
    const auto instance = instances_.find(pipes.command_file());
    if (!instances_.problem().empty()) spdlog::error("upstream: {}", instances_.problem());
    if (!instance) return;
    const IdentityMethod method = instance->method;
    if (method_ != method && !blind_spot(method).empty())
        spdlog::warn("upstream: ExaBGP is identified by method {}, which does not see {}",
                     name_of(method), blind_spot(method));
    method_ = method;
    watch(pipes);
}

std::optional<ExabgpInstance> PipeOwner::identify_again(const FifoLink& pipes) {
    auto instance = instances_.find_again(pipes.command_file());
    if (!instance) {
        spdlog::error("upstream: {}", instances_.problem());
        return std::nullopt;
    }
    method_ = instance->method;
    watch(pipes);
    return instance;
}

void PipeOwner::on_lost(bool helper_ended) {
    instances_.on_lost(helper_ended);
    closings_.reset();
    watches_.clear();
    watched_.clear();
    helper_grace_.stop();
}

/// Called at each pong, so that a watch for which there was no descriptor begins later.
void PipeOwner::watch(const FifoLink& pipes) {
    const auto processes = instances_.processes();
    if (!processes.empty())
        closings_.reset();
    else if (closings_ == nullptr || !closings_->works())
        closings_ =
            std::make_unique<uv::ClosingWatch>(loop_, pipes.command_fd(), [this] { on_end_(); });
    if (processes != watched_) {
        watches_.clear();
        helper_grace_.stop();
        watched_ = processes;
        watches_.resize(watched_.size());
    }
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        if (watches_[i] != nullptr && watches_[i]->works()) continue;
        const pid_t pid = watched_[i].pid;
        watches_[i] =
            std::make_unique<uv::ProcessWatch>(loop_, pid, [this, pid] { on_process_end(pid); });
    }
}

void PipeOwner::on_process_end(pid_t pid) {
    assert(!watched_.empty());
    spdlog::debug("upstream: process {}, which served the pipes, has ended", pid);
    if (pid == watched_.front().pid && watched_.size() > 1)
        helper_grace_.start(helper_grace);
    else
        on_end_();
}

}  // namespace exapulse
