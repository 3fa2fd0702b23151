// SPDX-License-Identifier: BSD-3-Clause
// Shell: reads lines, executes them, and shows what happens meanwhile.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/exit_code.hpp"
#include "client/io/signal_file.hpp"
#include "client/shell/command_channel.hpp"
#include "client/shell/completer.hpp"
#include "client/shell/health_stream.hpp"
#include "client/shell/history_file.hpp"
#include "client/shell/line_input.hpp"
#include "client/shell/shell_command.hpp"
#include "client/shell/shell_line.hpp"
#include "client/shell/shell_output.hpp"
#include "client/shell/terminal_mode.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

class Shell {
  public:
    /// Attaches to exapulsed. Throws Unreachable.
    Shell(const Arguments& arguments, const ShellOptions& options);

    /// Until its user leaves, or ExaBGP fails.
    [[nodiscard]] ExitCode run();

  private:
    enum class Keyboard { Ignored, Awaited };
    struct Happened {
        bool input = false;
        bool interrupt = false;
        bool resized = false;
        bool continued = false;
    };

    [[nodiscard]] bool open();
    void open_history();
    void open_input();
    void greet(std::string_view snapshot);
    void read_lines();
    void on_line(const LineInput::Result& typed);
    void take_line(const std::string& line);
    void keep(const std::string& line);

    // What a line asks for
    void execute(OwnWord word);
    void execute(const CommandLine& command);
    void execute(const RefusedLine& refused);
    [[nodiscard]] std::optional<CommandChannel::Answer> ask(const std::string& command);

    // What happens meanwhile
    [[nodiscard]] Happened watch(Keyboard keyboard, std::optional<Clock::time_point> deadline);
    [[nodiscard]] Wakeup await_key();
    void tell(const HealthFeed::Step& step);
    [[nodiscard]] std::string prompt() const;

    Arguments arguments_;
    ShellOptions options_;
    SignalFile signals_{SIGINT, SIGWINCH, SIGCONT, SIGTERM, SIGHUP, SIGQUIT};
    TerminalMode mode_;
    ShellOutput output_;
    HealthStream stream_;
    CommandChannel channel_;
    Completer completer_;
    HistoryFile history_;
    std::unique_ptr<LineInput> input_;
    std::optional<ExitCode> end_;
};

}  // namespace exapulse::client
