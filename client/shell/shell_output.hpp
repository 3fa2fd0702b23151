// SPDX-License-Identifier: BSD-3-Clause
// ShellOutput: how the shell shows answers, and that it waits for one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/io/signal_file.hpp"
#include "client/shell/command_channel.hpp"
#include "client/shell/terminal_mode.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

class ShellOutput {
  public:
    /// On a `dumb` terminal the cursor is not moved, and no pager is used.
    ShellOutput(TerminalMode& mode, SignalFile& signals, bool dumb);

    [[nodiscard]] bool dumb() const { return dumb_; }
    /// The terminal turned out to be dumb.
    void become_dumb();
    [[nodiscard]] const Style& style() const { return style_; }

    // As the user chose
    void use_json(bool on) { json_ = on; }
    void use_pager(bool on) { pager_ = on; }

    /// The answer to `command`, and what its verdict has to say.
    void show_answer(std::string_view command, const CommandChannel::Answer& answer);
    /// Text without its last LF, in a pager if it is longer than the screen.
    void show(std::string_view text);
    void clear_screen() const;

    /// The line that says that an answer is awaited.
    void show_waiting(bool on);
    [[nodiscard]] bool waiting_shown() const { return waiting_shown_; }

  private:
    [[nodiscard]] std::string view_of(std::string_view command,
                                      const std::vector<std::string>& lines) const;
    /// False: no pager has shown `text`.
    [[nodiscard]] bool paged(std::string_view text);

    TerminalMode& mode_;
    SignalFile& signals_;
    bool dumb_;
    Style style_ = style_of_stdout();
    bool json_ = false;
    bool pager_ = true;
    bool waiting_shown_ = false;
};

}  // namespace exapulse::client
