// SPDX-License-Identifier: BSD-3-Clause
// pump(): moves bytes between a CommandExchange, exapulsed, standard input and standard output.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace exapulse::client {

class CommandExchange;
class DaemonConnection;
class InputLines;
class OutputLines;
class SignalFile;

/// What the commands come from and the answers go to; null: there is none.
struct PumpEnds {
    InputLines* input = nullptr;
    OutputLines* output = nullptr;  // what `exchange` adds to
    SignalFile* interrupts = nullptr;
    bool withdraw = false;            // what ExaBGP has not seen when it is given up, is taken back
    std::function<void()> on_slow{};  // once, when an answer has kept somebody waiting for a second
};

struct Pumped {
    bool complete;    // the input was read, and nothing is left unsent
    std::string why;  // it was given up; empty: it was not
    bool interrupted;
};

/// Until every command has its verdict, the input has ended and the output is written. Reads
/// answers while it writes, so full socket buffers can't stop both sides, and stops reading them
/// while nobody takes the output. While a verdict is due, `timeout` without a byte gives up, and so
/// does the end of the connection; either way the verdicts of what was sent come through
/// `exchange`. With `withdraw` exapulsed is asked to take back what it can, and its verdicts are
/// awaited for a moment.
/// A signal gives up as well, and leaves in `output` what its reader does not take.
[[nodiscard]] Pumped pump(DaemonConnection& connection, CommandExchange& exchange,
                          std::chrono::milliseconds timeout, PumpEnds ends = {});

}  // namespace exapulse::client
