// SPDX-License-Identifier: BSD-3-Clause
// PipeCompany: what the processes at ExaBGP's pipes have to do with a missing answer, in words.
// Pure.
#pragma once

#include <optional>
#include <string>

#include "daemon/identity/exabgp_processes.hpp"

namespace exapulse {

/// "socat (pid 12)", and whose configuration starts it if ExaBGP's does.
[[nodiscard]] std::string name_of(const ProcessInfo& process, const ExabgpProcesses& processes);

/// Why commands written to `pipe`, which somebody reads, get no answer: somebody else than ExaBGP
/// reads it. Empty when nobody is seen to.
[[nodiscard]] std::string explain_silence(const PipeReaders& readers,
                                          const ExabgpProcesses& processes,
                                          const std::string& pipe);

/// An ExaBGP that runs while nobody reads the command pipe.
struct DeafExabgp {
    ProcessInfo daemon;
    std::optional<ProcessInfo> helper;  ///< which reads something else
    bool reads_removed = false;         ///< a pipe of the same name that was removed
};

[[nodiscard]] std::string explain_unread(const DeafExabgp& exabgp, const std::string& pipe);

}  // namespace exapulse
