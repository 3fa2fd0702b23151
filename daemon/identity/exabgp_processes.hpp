// SPDX-License-Identifier: BSD-3-Clause
// ExabgpProcesses: which of the host's processes are ExaBGP's, and who reads its pipes. Pure.
#pragma once

#include <optional>
#include <vector>

#include "daemon/system/process.hpp"

namespace exapulse {

/// Whether it is ExaBGP's daemon, or the helper that reads the pipes for it, judged by its
/// arguments, which everybody may read. False for ExaBGP's client programs (`exabgp cli`,
/// `exabgpcli`) and `exabgp healthcheck`.
[[nodiscard]] bool is_exabgp(const ProcessInfo& process);

/// The processes of a host, and their relations.
class ExabgpProcesses {
  public:
    explicit ExabgpProcesses(std::vector<ProcessInfo> all) : all_(std::move(all)) {}

    [[nodiscard]] const ProcessInfo* find(pid_t pid) const;
    /// The daemons: each ExaBGP that is not the child of another.
    [[nodiscard]] std::vector<ProcessInfo> daemons() const;
    /// The child of a daemon that reads the pipes for it; nullopt if there is none, or more than
    /// one candidate.
    [[nodiscard]] std::optional<ProcessInfo> helper_of(const ProcessInfo& daemon) const;
    /// The parent of `helper`, if that is an ExaBGP's helper: an ExaBGP itself whose parent is an
    /// ExaBGP or runs the same program.
    [[nodiscard]] std::optional<ProcessInfo> daemon_of(const ProcessInfo& helper) const;

  private:
    std::vector<ProcessInfo> all_;
};

/// The processes that read a command pipe.
struct PipeReaders {
    std::vector<ProcessInfo> helpers;  ///< ExaBGP's own
    std::vector<ProcessInfo> rivals;   ///< others that opened it only to read
    std::vector<ProcessInfo>
        holders;  ///< others that have it open to read and write, as systemd's ListenFIFO
};

[[nodiscard]] PipeReaders readers_among(const ExabgpProcesses& processes,
                                        const std::vector<PipeUser>& users);

}  // namespace exapulse
