// SPDX-License-Identifier: BSD-3-Clause
// What the traces of a process say about whether it is ExaBGP, and where it has its socket or
// pipes. Pure; visible_exabgp.hpp collects the traces.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

#include "daemon/exabgp/env_file.hpp"
#include "daemon/upstream/link/upstream_candidate.hpp"

namespace exapulse {

/// What /proc shows of a process; of another user's only the arguments.
struct ProcessTraces {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;  ///< empty where it cannot be read
    std::string directory;                           ///< it works there; empty where not readable
    std::vector<std::string> open_paths;             ///< of its descriptors
    uid_t uid = 0;
};

/// Where it may have its socket and pipes, the most certain first; `names_in` reads an environment
/// file, and finds nothing in one that is not there.
[[nodiscard]] std::vector<UpstreamCandidate> likely_places(
    const ProcessTraces& process,
    const std::function<ExabgpNames(const std::string& path)>& names_in);

/// The pipes that ExaBGP 5.0 proposes to make when it finds none, below the directory it was
/// started in; it looks there only when it is installed there. Empty when that is not known.
[[nodiscard]] std::string proposed_pipes(const ProcessTraces& process);

}  // namespace exapulse
