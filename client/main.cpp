// SPDX-License-Identifier: BSD-3-Clause
// exapulse: entry and dispatch; whatever is thrown ends here.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "client/cli/arguments.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/reports/check_report.hpp"
#include "client/view/terminal.hpp"
#include "common/standard_streams.hpp"

namespace exapulse::client {

namespace {

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
    int operator()(const Arguments& arguments) const { return arguments.action.execute(arguments); }
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
    // A reader that exits ends us silently, as every filter, whatever our parent ignored.
    std::signal(SIGPIPE, SIG_DFL);
    // If it were ignored, the exit status of watch --exec's command would be lost.
    std::signal(SIGCHLD, SIG_DFL);
    exapulse::occupy_standard_streams();
    return exapulse::client::start({argv + 1, argv + argc});
}
