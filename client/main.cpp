// SPDX-License-Identifier: BSD-3-Clause
// exapulse: entry and dispatch; whatever is thrown ends here.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "client/arguments.hpp"
#include "client/completion/complete_command.hpp"
#include "client/events/history_command.hpp"
#include "client/events/uptime_command.hpp"
#include "client/events/wait_command.hpp"
#include "client/events/watch_command.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/reports/alive_command.hpp"
#include "client/reports/check_command.hpp"
#include "client/reports/check_report.hpp"
#include "client/reports/clients_command.hpp"
#include "client/reports/kill_command.hpp"
#include "client/reports/peers_command.hpp"
#include "client/reports/ready_command.hpp"
#include "client/reports/status_command.hpp"
#include "client/run/run_command.hpp"
#include "client/shell/shell_command.hpp"
#include "client/view/terminal.hpp"
#include "common/standard_streams.hpp"

namespace exapulse::client {

namespace {

// A shell's exit code; ready and check have codes of their own.
struct Execute {
    const Arguments& arguments;

    int operator()(const ShellOptions& options) const {
        return static_cast<int>(shell_command(arguments, options));
    }
    int operator()(const RunOptions& options) const {
        return static_cast<int>(run_command(arguments, options));
    }
    int operator()(const WatchOptions& options) const {
        return static_cast<int>(watch_command(arguments, options));
    }
    int operator()(const WaitOptions& options) const {
        return static_cast<int>(wait_command(arguments, options));
    }
    int operator()(const StatusOptions& options) const {
        return static_cast<int>(status_command(arguments, options));
    }
    int operator()(const ReadyOptions& options) const {
        return static_cast<int>(ready_command(arguments, options));
    }
    int operator()(const AliveOptions& options) const {
        return static_cast<int>(alive_command(arguments, options));
    }
    int operator()(const CheckOptions& options) const {
        return static_cast<int>(check_command(arguments, options));
    }
    int operator()(const PeersOptions& options) const {
        return static_cast<int>(peers_command(arguments, options));
    }
    int operator()(const ClientsOptions& options) const {
        return static_cast<int>(clients_command(arguments, options));
    }
    int operator()(const KillOptions& options) const {
        return static_cast<int>(kill_command(arguments, options));
    }
    int operator()(const HistoryOptions& options) const {
        return static_cast<int>(history_command(arguments, options));
    }
    int operator()(const UptimeOptions& options) const {
        return static_cast<int>(uptime_command(arguments, options));
    }
    int operator()(const CompleteOptions& options) const {
        return static_cast<int>(complete_command(arguments, options));
    }
};

bool on_terminal() {
    return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

int code(ExitCode exit_code) {
    return static_cast<int>(exit_code);
}

struct Start {
    int operator()(const Information& information) const {
        fmt::print("{}", information.text);
        flush_output();
        return code(ExitCode::Done);
    }
    int operator()(const UsageError& error) const {
        if (error.of_check) {
            print_line(check_failed(PluginState::Unknown, error.text).line);
            flush_output();
        } else {
            complain(error.text);
        }
        return error.exit_code;
    }
    int operator()(const Arguments& arguments) const {
        return std::visit(Execute{arguments}, arguments.subcommand);
    }
};

// Whatever else goes wrong, a full disk under stdout for one, leaves open what ExaBGP did.
int start(const std::vector<std::string>& words) {
    try {
        return std::visit(Start{},
                          parse_arguments(words, {.socket = std::getenv("EXAPULSE_SOCKET"),
                                                  .on_terminal = on_terminal(),
                                                  .instance = std::getenv("EXAPULSE_INSTANCE")}));
    } catch (const Unreachable& error) {
        complain(error.what());
        return code(ExitCode::Unreachable);
    } catch (const std::exception& error) {
        complain(error.what());
        return code(ExitCode::OutcomeUnknown);
    }
}

}  // namespace

}  // namespace exapulse::client

int main(int argc, char** argv) {
    // A reader that went away ends us without a word, as every filter, whatever our parent ignored.
    std::signal(SIGPIPE, SIG_DFL);
    // Where it is ignored the end of watch --exec's command can't be told from its beginning.
    std::signal(SIGCHLD, SIG_DFL);
    exapulse::occupy_standard_streams();
    return exapulse::client::start({argv + 1, argv + argc});
}
