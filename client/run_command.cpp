// SPDX-License-Identifier: BSD-3-Clause
// `exapulse run`: one command, or every line of standard input.
#include "client/run_command.hpp"

#include <unistd.h>

#include "client/command_exchange.hpp"
#include "client/command_pump.hpp"
#include "client/daemon_connection.hpp"
#include "client/input_lines.hpp"
#include "client/run_report.hpp"
#include "client/speller.hpp"
#include "client/terminal.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

Speller speller_for(const RunOptions& options) {
    if (options.raw) return {};
    return Speller([verbose = options.verbose](std::size_t line, std::string_view sent,
                                               std::string_view dialect) {
        if (verbose) remark("exapulse: " + RunReport::respelled(line, sent, dialect));
    });
}

ExitCode run_one(DaemonConnection& connection, const RunOptions& options, milliseconds timeout) {
    RunReport report;
    bool had_data = false;
    CommandExchange exchange(
        [&](std::string_view line) {
            print_line(line);
            had_data = true;
        },
        [&](const Command& sent, const Verdict& verdict) {
            if (const auto text = report.add(sent, verdict)) complain(*text);
        },
        speller_for(options));
    exchange.add({*options.command});
    if (!pump(connection, exchange, nullptr, timeout)) complain(report.add_unsent_from(0));

    // Silence would leave a person in doubt; a script has the exit code.
    const bool person = isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
    if (report.worst() == ExitCode::Done && !had_data && person) remark("done");
    return report.worst();
}

ExitCode run_lines(DaemonConnection& connection, const RunOptions& options, milliseconds timeout) {
    RunReport report;
    const auto on_verdict = [&](const Command& command, const Verdict& verdict) {
        if (const auto text = report.add(command, verdict)) complain(*text);
    };
    CommandExchange exchange(print_line, on_verdict, speller_for(options));
    InputLines input([&](Command command) { exchange.add(std::move(command)); }, on_verdict);
    const bool complete = pump(connection, exchange, &input, timeout);
    if (!complete) {
        const std::size_t next = exchange.first_unsent().value_or(input.lines() + 1);
        complain(report.add_unsent_from(next));
    }
    if (const auto text = report.summary()) complain(*text);
    return report.worst();
}

}  // namespace

ExitCode run_command(const Arguments& arguments, const RunOptions& options) {
    const milliseconds timeout = arguments.timeout.value_or(default_timeout);
    DaemonConnection connection(arguments.socket, timeout);
    return options.command ? run_one(connection, options, timeout)
                           : run_lines(connection, options, timeout);
}

}  // namespace exapulse::client
