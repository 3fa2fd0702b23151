// SPDX-License-Identifier: BSD-3-Clause
// exapulsed: arguments, configuration and exit codes; reports why a start fails.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/standard_streams.hpp"
#include "daemon/access/access_lists.hpp"
#include "daemon/clients/access_explanation.hpp"
#include "daemon/clients/refused_clients.hpp"
#include "daemon/config/arguments.hpp"
#include "daemon/daemon.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/service_notify.hpp"
#include "daemon/upstream/link/upstream_discovery.hpp"

namespace {

constexpr int exit_failure = 1;
constexpr int exit_config = 78;  // EX_CONFIG of sysexits.h, which systemd shows by name

/// How long a failing start serves clients the reason. This is also the minimum interval between
/// starts that systemd makes for clients, so that they stay below the socket's limit (20 in 2 s).
constexpr std::chrono::milliseconds refusal_time{1'000};

/// Called where there is no memory for an object. Whatever went on after that would be in an
/// unknown state: the end is that of `kill -9`, which costs nothing that is on the disk.
[[noreturn]] void end_without_memory() {
    static constexpr std::string_view text =
        "exapulsed: out of memory; it ends at once, as if killed, and has to be started again: "
        "allow it more (MemoryMax=, ulimit -v), or lower limits.memory\n";
    static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
    _exit(exit_failure);
}

// A failure to write must not change the exit code.
void complain(const char* what) {
    std::fputs(fmt::format("exapulsed: {}\n", what).c_str(), stderr);
}

/// With an invalid configuration nothing can be served, but systemd's socket may have clients.
void refuse_clients_of_systemd(const exapulse::Arguments& arguments,
                               const exapulse::ConfigError& error) {
    const auto socket = exapulse::service::activation_socket();
    if (arguments.action != exapulse::Action::Serve || !socket) return;
    const std::string instance =
        arguments.instance.empty() ? "" : fmt::format(" --instance {}", arguments.instance);
    exapulse::refuse_clients(
        *socket,
        fmt::format("exapulsed cannot start, its configuration is invalid: {}; once that is "
                    "fixed (exapulsed{} --check-config) the next client starts it",
                    error.what(), instance),
        refusal_time);
}

/// Prints which file is used and where ExaBGP is searched for, and why, or what a user may do.
/// Returns the exit code. Throws ConfigError.
int check_config(const exapulse::Arguments& arguments) {
    using exapulse::UpstreamDiscovery;
    const exapulse::Config config = effective_config(arguments);
    if (!config.socket.group.empty())
        static_cast<void>(exapulse::socket_group(config.socket.group));
    const exapulse::AccessLists access_lists = exapulse::resolve_access(config);
    if (!access_lists.unknown_admins.empty())
        throw exapulse::ConfigError(fmt::format("socket.admins: there is no user {} on this host",
                                                fmt::join(access_lists.unknown_admins, ", ")));
    const bool exists = access(arguments.config_path.c_str(), F_OK) == 0;
    fmt::print("{}: {}\n", arguments.config_path, exists ? "OK" : "not found, using defaults");
    for (const std::string& warning : access_lists.warnings) fmt::print("{}\n", warning);
    if (!arguments.as_user.empty()) {
        const auto explanation =
            exapulse::explain_access(config, access_lists, arguments.as_user, arguments.as_command);
        fmt::print("{}", explanation.text);
        return explanation.allowed ? 0 : exit_failure;
    }
    const UpstreamDiscovery discovery({config.upstream.socket, config.upstream.fifo},
                                      UpstreamDiscovery::variable, geteuid(), "");
    fmt::print("ExaBGP is searched for here, in this order:\n");
    // Configured pipes count as present even if they do not exist.
    const auto present =
        discovery.is_search() ? discovery.present() : std::vector<exapulse::UpstreamCandidate>();
    for (const auto& place : discovery.distinct())
        fmt::print(
            "  {} ({}){}\n", describe_place(place), place.found_by,
            std::find(present.begin(), present.end(), place) == present.end() ? "" : ", there");
    for (const std::string& problem : discovery.problems()) fmt::print("{}\n", problem);
    return 0;
}

int run(const exapulse::Arguments& arguments) {
    using exapulse::Action;
    switch (arguments.action) {
        case Action::Exit:
            return arguments.exit_code;
        case Action::CheckConfig:
            return check_config(arguments);
        case Action::PrintConfig:
            fmt::print("{}", print_config(effective_config(arguments), false));
            return 0;
        case Action::Serve:
            break;
    }
    exapulse::hold_signals();
    exapulse::start_log();
    return exapulse::Daemon(arguments).run();
}

}  // namespace

int main(int argc, char** argv) {
    // Writing to a disconnected client must not kill the process; libuv 1.44 does raise it.
    std::signal(SIGPIPE, SIG_IGN);
    // A file that may not grow (LimitFSIZE=) is a full disk for the history, not the end.
    std::signal(SIGXFSZ, SIG_IGN);
    // exapulsed starts no process. As PID 1 of a container it inherits orphans, such as a killed
    // probe's, and this makes the kernel reap them.
    std::signal(SIGCHLD, SIG_IGN);
    std::set_new_handler(end_without_memory);
    exapulse::occupy_standard_streams();
    exapulse::Arguments arguments;
    try {
        arguments = exapulse::parse_arguments(argc, argv);
        return run(arguments);
    } catch (const exapulse::ConfigError& error) {
        complain(error.what());
        refuse_clients_of_systemd(arguments, error);
        return exit_config;
    } catch (const std::exception& error) {
        complain(error.what());
        return exit_failure;
    }
}
