// SPDX-License-Identifier: BSD-3-Clause
// InputLines: the commands on standard input, numbered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_problem.hpp"
#include "common/line_framer.hpp"

namespace exapulse::client {

/// Cuts input into commands. Blank lines and lines whose first word starts with # are skipped, but
/// counted. feed() and finish() are pure; read_some() feeds them from the process's input.
class InputLines {
  public:
    static constexpr std::size_t longest_line = longest_command;

    using OnCommand = std::function<void(Command)>;
    /// A line that can't be sent; the verdict says why.
    using OnRefused = std::function<void(const Command&, const Verdict&)>;

    InputLines(OnCommand on_command, OnRefused on_refused);

    /// Of the lines before `line`, 1 is the first, none is a command.
    void begin_at(std::size_t line) { first_ = line; }

    /// A byte order mark of UTF-8 at the start is dropped; input in UTF-16 is refused as a whole,
    /// and counts as ended.
    void feed(std::string_view bytes);
    /// The input is over; a last line without LF counts.
    void finish();

    /// Takes what standard input has; blocks when it has nothing yet.
    void read_some();

    /// What follows is not wanted: no command of it is added, and it counts as ended.
    void stop() { ended_ = true; }

    [[nodiscard]] bool ended() const { return ended_; }
    /// Bytes taken so far.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    /// Lines seen so far, the skipped ones included.
    [[nodiscard]] std::size_t lines() const { return lines_; }

  private:
    void on_line(const LineFramer::Line& line);
    /// False: there is nothing to read, or not yet. Else `bytes` are to be read.
    [[nodiscard]] bool begins_well(std::string_view& bytes);

    OnCommand on_command_;
    OnRefused on_refused_;
    LineFramer framer_{longest_line};
    std::uint64_t bytes_ = 0;
    std::size_t lines_ = 0;
    std::size_t first_ = 1;
    std::string start_;   // until its encoding is known
    bool begun_ = false;  // it is
    bool ended_ = false;
};

}  // namespace exapulse::client
