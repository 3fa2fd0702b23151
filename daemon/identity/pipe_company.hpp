// SPDX-License-Identifier: BSD-3-Clause
// PipeCompany: explains in words how the processes at ExaBGP's pipes cause a missing answer. Pure.
#pragma once

#include <optional>
#include <string>

#include "daemon/identity/exabgp_processes.hpp"

namespace exapulse {

/// "socat (pid 12)", with the ExaBGP whose configuration starts it, if any.
[[nodiscard]] std::string name_of(const ProcessInfo& process, const ExabgpProcesses& processes);

/// Why commands written to `pipe`, which somebody reads, get no answer: a process other than ExaBGP
/// reads it. Empty if none is seen to.
[[nodiscard]] std::string explain_silence(const PipeReaders& readers,
                                          const ExabgpProcesses& processes,
                                          const std::string& pipe);

/// A running ExaBGP while nobody reads the command pipe.
struct DeafExabgp {
    ProcessInfo daemon;
    std::optional<ProcessInfo> helper;  ///< reads something else
    bool reads_removed = false;         ///< it reads a removed pipe of the same name
};

[[nodiscard]] std::string explain_unread(const DeafExabgp& exabgp, const std::string& pipe);

}  // namespace exapulse
