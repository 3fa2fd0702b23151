// SPDX-License-Identifier: BSD-3-Clause
// Stage: a simulated ExaBGP and an exapulsed that has it up.
#pragma once

#include <string>

#include "tests/integration/service.hpp"
#include "tests/support/socket_simulator/exabgp_simulator.hpp"

namespace exapulse::test {

struct Stage {
    TempDir dir;
    ExabgpSimulator exabgp{dir / "exabgp.sock"};
    Service service;

    /// `config` is the content of the file; the interval is long, so that pings are out of the way.
    explicit Stage(const std::string& config = "", const std::string& interval = "1h")
        : service(exabgp.path(), {config, interval, {}, {}}) {
        service.await("up");
        exabgp.clear_history();
    }
};

/// The answer to `test echo ok`.
inline const Answer echo_ok{{R"({"echo": "ok"})"}, "done"};

}  // namespace exapulse::test
