// SPDX-License-Identifier: BSD-3-Clause
// exapulsed: arguments, configuration and exit codes; what ends the start is told here.
#include <csignal>
#include <cstdio>
#include <exception>
#include <unistd.h>

#include <fmt/format.h>

#include "common/standard_streams.hpp"
#include "daemon/arguments.hpp"
#include "daemon/daemon.hpp"
#include "daemon/log.hpp"

namespace {

constexpr int exit_failure = 1;
constexpr int exit_config = 78;  // EX_CONFIG of sysexits.h, which systemd shows by name

// One that can't be written must not change the exit code.
void complain(const char* what) {
    std::fputs(fmt::format("exapulsed: {}\n", what).c_str(), stderr);
}

int run(const exapulse::Arguments& arguments) {
    using exapulse::Action;
    switch (arguments.action) {
        case Action::Exit:
            return arguments.exit_code;
        case Action::CheckConfig:
            static_cast<void>(effective_config(arguments));
            fmt::print("{}: {}\n", arguments.config_path,
                       access(arguments.config_path.c_str(), F_OK) == 0
                           ? "fine"
                           : "not there, the defaults apply");
            return 0;
        case Action::PrintConfig:
            fmt::print("{}", print_config(effective_config(arguments), false));
            return 0;
        case Action::Serve:
            break;
    }
    exapulse::start_log();
    return exapulse::Daemon(arguments).run();
}

}  // namespace

int main(int argc, char** argv) {
    // Writing to a client that has gone is no reason to die; libuv 1.44 does raise it.
    std::signal(SIGPIPE, SIG_IGN);
    exapulse::occupy_standard_streams();
    try {
        return run(exapulse::parse_arguments(argc, argv));
    } catch (const exapulse::ConfigError& error) {
        complain(error.what());
        return exit_config;
    } catch (const std::exception& error) {
        complain(error.what());
        return exit_failure;
    }
}
