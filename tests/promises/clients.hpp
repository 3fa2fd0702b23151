// SPDX-License-Identifier: BSD-3-Clause
// The clients of a run whose commands are recorded.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "tests/promises/recorder.hpp"

namespace exapulse::test {

/// What all threads of a run share.
struct Setting {
    std::string socket;  ///< exapulsed's
    bool pipes = false;
    Recorder& recorder;
    std::atomic<bool> ending = false;  ///< no new commands; subscribers stay until `over`
    std::atomic<bool> over = false;
};

/// One client after another: batches of commands, and now and then one leaves without its answers.
/// Until `ending`.
void send_batches(Setting& setting, std::uint64_t seed);

/// One command at a time, with a pause after it: how long does it wait? Until `ending`.
void send_one_by_one(Setting& setting);

}  // namespace exapulse::test
