// SPDX-License-Identifier: BSD-3-Clause
// What exapulsed takes during a run, by /proc and by its own account.
#pragma once

#include "tests/promises/clients.hpp"
#include "tests/promises/tested_daemon.hpp"

namespace exapulse::test {

/// Records samples of exapulsed's memory and descriptors, and the times when the machine was too
/// busy to run this thread. Until `over`.
void observe_process(const Setting& setting, const TestedDaemon& daemon);

/// Records what `sidecar clients` shows. Until `over`.
void observe_clients(const Setting& setting);

}  // namespace exapulse::test
