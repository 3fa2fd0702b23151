// SPDX-License-Identifier: BSD-3-Clause
// exapulse: entry, dispatch and the only catch.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "client/arguments.hpp"
#include "client/daemon_connection.hpp"
#include "client/run_command.hpp"
#include "client/status_command.hpp"
#include "client/terminal.hpp"
#include "client/watch_command.hpp"

namespace exapulse::client {

namespace {

// A closed standard stream would lend its number to the socket, and answers would be written to
// exapulsed as commands.
void occupy_standard_streams() {
    int fd = 0;
    do {
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) close(fd);
}

struct Execute {
    const Arguments& arguments;

    ExitCode operator()(const RunOptions& options) const { return run_command(arguments, options); }
    ExitCode operator()(const WatchOptions& options) const {
        return watch_command(arguments, options);
    }
    ExitCode operator()(const StatusOptions& options) const {
        return status_command(arguments, options);
    }
};

struct Start {
    ExitCode operator()(const Information& information) const {
        fmt::print("{}", information.text);
        flush_output();
        return ExitCode::Done;
    }
    ExitCode operator()(const UsageError& error) const {
        complain(error.text);
        return ExitCode::Usage;
    }
    ExitCode operator()(const Arguments& arguments) const {
        return std::visit(Execute{arguments}, arguments.subcommand);
    }
};

// Whatever else goes wrong, a full disk under stdout for one, leaves open what ExaBGP did.
ExitCode start(const std::vector<std::string>& words) {
    try {
        return std::visit(Start{}, parse_arguments(words, std::getenv("EXAPULSE_SOCKET")));
    } catch (const Unreachable& error) {
        complain(error.what());
        return ExitCode::Unreachable;
    } catch (const std::exception& error) {
        fmt::print(stderr, "exapulse: {}\n", error.what());
        return ExitCode::OutcomeUnknown;
    }
}

}  // namespace

}  // namespace exapulse::client

int main(int argc, char** argv) {
    // A reader that went away ends us without a word, as every filter, whatever our parent ignored.
    std::signal(SIGPIPE, SIG_DFL);
    exapulse::client::occupy_standard_streams();
    return static_cast<int>(exapulse::client::start({argv + 1, argv + argc}));
}
