// SPDX-License-Identifier: BSD-3-Clause
// PipeOwner: the ExaBGP that serves the pipes: which one it is, and when it ends.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "daemon/identity/exabgp_instance.hpp"
#include "daemon/uv/closing_watch.hpp"
#include "daemon/uv/process_watch.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

class FifoLink;

/// The kernel reports the end of its processes, whoever else has the pipes open. Where none is
/// seen, only the helper's closing of the command pipe shows it.
class PipeOwner {
  public:
    /// `pidfile` and `known` as in InstanceFinder. `on_end` is called when ExaBGP's helper has
    /// ended, or should have; it may call on_lost().
    PipeOwner(uv::Loop& loop, std::string pidfile, const std::optional<KnownInstance>& known,
              std::function<void()> on_end);

    void set_pidfile(std::string pidfile) { instances_.set_pidfile(std::move(pidfile)); }

    /// ExaBGP has answered on `pipes` for the first time on this connection, or again after a
    /// resync. Logs what is wrong, and what the method to identify it can't see.
    void identify(const FifoLink& pipes);
    /// The same at each pong, at far less cost. nullopt if it cannot be seen now, as in
    /// InstanceFinder.
    [[nodiscard]] std::optional<ExabgpInstance> identify_again(const FifoLink& pipes);
    /// It is identified by its pong: nothing need be known about processes.
    void identify_by_pong() { method_ = IdentityMethod::Ping; }
    /// The connection is lost; `helper_ended`: because nobody reads the command pipe any more.
    void on_lost(bool helper_ended);
    /// Pings go unanswered.
    void on_doubt() { instances_.on_doubt(); }

    /// How it is distinguished from the next; nullopt until one was reached.
    [[nodiscard]] std::optional<IdentityMethod> method() const { return method_; }
    /// Which process it is, in words; empty when it is not known by its process.
    [[nodiscard]] std::string_view evidence() const {
        return method_ == IdentityMethod::Ping ? "" : std::string_view(instances_.evidence());
    }

  private:
    void watch(const FifoLink& pipes);
    void on_process_end(pid_t pid);

    uv::Loop& loop_;
    InstanceFinder instances_;
    std::function<void()> on_end_;
    std::optional<IdentityMethod> method_;
    std::vector<ProcessStart> watched_;  // ExaBGP, and its helper
    std::vector<std::unique_ptr<uv::ProcessWatch>> watches_;
    std::unique_ptr<uv::ClosingWatch> closings_;  // of the command pipe, where no process is seen
    uv::Timer helper_grace_;  // runs once ExaBGP has ended: its helper ends by itself, as a rule
};

}  // namespace exapulse
