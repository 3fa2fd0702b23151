// SPDX-License-Identifier: BSD-3-Clause
// InputLines: the commands on standard input, numbered.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "client/answer.hpp"
#include "client/command_exchange.hpp"
#include "common/line_framer.hpp"

namespace exapulse::client {

/// Cuts input into commands. Blank lines and lines whose first word starts with # are skipped, but
/// counted. feed() and finish() are pure; read_some() feeds them from the process's input.
class InputLines {
  public:
    /// ExaBGP's own limit; a longer line would kill its control channel for everybody.
    static constexpr std::size_t longest_line = 1U << 20;

    using OnCommand = std::function<void(Command)>;
    /// A line that can't be sent; the verdict says why.
    using OnRefused = std::function<void(const Command&, const Verdict&)>;

    InputLines(OnCommand on_command, OnRefused on_refused);

    void feed(std::string_view bytes);
    /// The input is over; a last line without LF counts.
    void finish();

    /// Takes what standard input has; blocks when it has nothing yet.
    void read_some();

    [[nodiscard]] bool ended() const { return ended_; }
    /// Lines seen so far, the skipped ones included.
    [[nodiscard]] std::size_t lines() const { return lines_; }

  private:
    void on_line(const LineFramer::Line& line);

    OnCommand on_command_;
    OnRefused on_refused_;
    LineFramer framer_{longest_line};
    std::size_t lines_ = 0;
    bool ended_ = false;
};

}  // namespace exapulse::client
