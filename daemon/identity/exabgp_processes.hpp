// SPDX-License-Identifier: BSD-3-Clause
// ExabgpProcesses: which of the host's processes are ExaBGP's, and who is who at its pipes. Pure.
#pragma once

#include <optional>
#include <vector>

#include "daemon/system/process.hpp"

namespace exapulse {

/// By its arguments, which everybody may read: ExaBGP's daemon, or the helper that reads the pipes
/// for it. Not its client programs (`exabgp cli`, `exabgpcli`) and not `exabgp healthcheck`.
[[nodiscard]] bool is_exabgp(const ProcessInfo& process);

/// The processes of a host, for questions about them.
class ExabgpProcesses {
  public:
    explicit ExabgpProcesses(std::vector<ProcessInfo> all) : all_(std::move(all)) {}

    [[nodiscard]] const ProcessInfo* find(pid_t pid) const;
    /// The daemons: each ExaBGP that is no child of another.
    [[nodiscard]] std::vector<ProcessInfo> daemons() const;
    /// The child of a daemon that reads the pipes for it; nullopt when it has none, or more than
    /// one process that may be it.
    [[nodiscard]] std::optional<ProcessInfo> helper_of(const ProcessInfo& daemon) const;
    /// The parent of `helper`, when that is an ExaBGP's helper: itself an ExaBGP, and the child of
    /// one, or of the same program.
    [[nodiscard]] std::optional<ProcessInfo> daemon_of(const ProcessInfo& helper) const;

  private:
    std::vector<ProcessInfo> all_;
};

/// Those who read a command pipe.
struct PipeReaders {
    std::vector<ProcessInfo> helpers;  ///< ExaBGP's own
    std::vector<ProcessInfo> rivals;   ///< others that opened it only to read
    std::vector<ProcessInfo>
        holders;  ///< others that have it open both ways, as systemd's ListenFIFO
};

[[nodiscard]] PipeReaders readers_among(const ExabgpProcesses& processes,
                                        const std::vector<PipeUser>& users);

}  // namespace exapulse
