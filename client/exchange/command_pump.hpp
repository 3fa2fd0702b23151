// SPDX-License-Identifier: BSD-3-Clause
// pump(): moves bytes between a CommandExchange, exapulsed and standard input.
#pragma once

#include <chrono>
#include <functional>

namespace exapulse::client {

class CommandExchange;
class DaemonConnection;
class InputLines;
class SignalFile;

struct Pumped {
    bool complete;     // the input was read, and nothing is left unsent
    bool interrupted;  // by a signal
};

/// Until every command has its verdict and `input` has ended; `input` may be null. Reads answers
/// while it writes, so full socket buffers can't stop both sides. While a verdict is due, `timeout`
/// without a byte gives up, and so does the end of the connection; either way the verdicts of
/// what was sent come through `exchange`. A signal that comes through `interrupts`, if not
/// null, gives up as well. `on_slow`, if set, is called once, when an answer has kept somebody
/// waiting for a second.
[[nodiscard]] Pumped pump(DaemonConnection& connection, CommandExchange& exchange,
                          InputLines* input, std::chrono::milliseconds timeout,
                          SignalFile* interrupts = nullptr, std::function<void()> on_slow = {});

}  // namespace exapulse::client
