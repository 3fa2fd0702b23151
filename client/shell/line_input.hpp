// SPDX-License-Identifier: BSD-3-Clause
// LineInput: where the lines of a shell come from.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace exapulse::client {

/// Why a wait for the keyboard ended.
enum class Wakeup {
    Key,        // there is something to read
    Interrupt,  // Ctrl-C
    Resized,    // the terminal has another size
    Continued,  // the process was stopped, and others may have changed the terminal
    Finish,     // the shell is to end
};

/// Waits for the keyboard, and lets the rest of the shell go on meanwhile.
using Await = std::function<Wakeup()>;

class LineInput {
  public:
    enum class End { Line, Interrupted, TooLong, EndOfInput, Finished };
    struct Result {
        End end;
        std::string line;  // what was typed; with Finished the beginning of a line
    };

    LineInput() = default;
    virtual ~LineInput() = default;
    LineInput(const LineInput&) = delete;
    LineInput& operator=(const LineInput&) = delete;

    /// Shows the prompt and waits for a line.
    [[nodiscard]] virtual Result read_line() = 0;

    /// Shows lines, the last one without LF; above the line that is being typed, if one is.
    virtual void show(std::string_view text) = 0;

    /// A line that arrow up brings back.
    virtual void remember(const std::string& line) = 0;

    /// Discards what was typed ahead.
    virtual void forget_keys() = 0;
};

}  // namespace exapulse::client
