// SPDX-License-Identifier: BSD-3-Clause
// `exapulse run`: one command, or every line of a batch.
#include "client/run/run_command.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <span>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "client/cli/option_parser.hpp"
#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/cli/subcommands.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_pump.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/speller.hpp"
#include "client/io/signal_file.hpp"
#include "client/run/batch.hpp"
#include "client/run/command_hint.hpp"
#include "client/run/run_answers.hpp"
#include "client/run/run_report.hpp"
#include "client/run/session_settings.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

Speller speller_for(const RunOptions& options) {
    if (options.raw) return {};
    return Speller([verbose = options.verbose](std::size_t line, std::string_view sent,
                                               std::string_view dialect) {
        if (verbose) remark("exapulse: " + respelled_text(line, sent, dialect));
    });
}

bool is_file(const std::string& name) {
    return access(name.c_str(), F_OK) == 0;
}

ExitCode run_one(const Arguments& arguments, const RunOptions& options, milliseconds timeout) {
    const Command command{*options.command};
    RunReport report;
    RunAnswers answers(arguments, options);
    const auto end_with = [&](const Command& ended, Verdict verdict) {
        verdict.text += command_hint(options.words, verdict, is_file);
        answers.end(ended, verdict);
        answers.write();
        for (const auto& text : report.add(ended, verdict)) complain(text);
    };
    if (const auto problem = command_problem(command.text)) {
        end_with(command, {ExitCode::Usage, *problem});
        answers.output().write_all();
        return report.worst();
    }
    CommandExchange exchange([&](std::string_view line) { answers.data(line); }, end_with,
                             speller_for(options));
    // A script has --timeout; a person is told what is waited for.
    const bool person = isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
    std::function<void()> on_slow;
    if (person && !arguments.quiet)
        on_slow = [] { remark("waiting for ExaBGP's answer; Ctrl-C stops waiting"); };
    try {
        DaemonConnection connection(arguments.socket, timeout);
        if (const Verdict set = ask_for(options.settings, connection, timeout);
            set.code != ExitCode::Done) {
            end_with(command, set);
            answers.output().write_all();
            return report.worst();
        }
        exchange.add(command);
        SignalFile interrupts(ending_signals);
        const Pumped end = pump(connection, exchange, timeout,
                                {.output = &answers.output(),
                                 .interrupts = &interrupts,
                                 .withdraw = true,
                                 .on_slow = on_slow});
        if (!end.complete) end_with(command, not_sent(end.why));
        if (end.interrupted) return answers.code_of(report);
    } catch (const Unreachable& error) {
        end_with(command, {ExitCode::Unreachable, error.what()});
    }
    // A person sees that the command is done; a script has the exit code.
    const bool silent = !answers.had_data() && !options.json && !arguments.quiet;
    if (report.worst() == ExitCode::Done && silent && person) remark("done");
    answers.output().write_all();
    return report.worst();
}

/// Makes `file` the standard input, and returns its size where it has one. Nothing but the batch is
/// read from there. A problem is returned in one line.
std::optional<std::string> open_batch(const std::string& file, std::optional<std::uint64_t>& size) {
    if (file != "-") {
        const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) return fmt::format("cannot open the batch {}: {}", file, std::strerror(errno));
        dup2(fd, STDIN_FILENO);
        close(fd);
    }
    struct stat status {};
    if (fstat(STDIN_FILENO, &status) != 0) return std::nullopt;
    if (S_ISDIR(status.st_mode))
        return fmt::format("the batch {} is a directory; give a file, or - for standard input",
                           file);
    if (S_ISREG(status.st_mode)) size = static_cast<std::uint64_t>(status.st_size);
    return std::nullopt;
}

ExitCode execute_run(const Arguments& arguments, const RunOptions& options) {
    const milliseconds timeout = arguments.timeout.value_or(default_timeout);
    if (options.command) return run_one(arguments, options, timeout);
    std::optional<std::uint64_t> size;
    if (const auto problem = open_batch(options.batch, size)) {
        complain(*problem);
        return ExitCode::Usage;
    }
    DaemonConnection connection(arguments.socket, timeout);
    if (const Verdict set = ask_for(options.settings, connection, timeout);
        set.code != ExitCode::Done) {
        complain(set.text);
        return set.code;
    }
    return Batch(connection, arguments, options, speller_for(options), size).run();
}

void bind_settings(SubcommandLine& line, SessionSettings& settings) {
    line.bind("--keep", settings.keep);
    line.bind("--ttl",
              [&settings](const std::string& text) { settings.ttl = ttl_of("--ttl", text); });
    line.bind("--owner", [&settings](const std::string& text) {
        settings.owner = owner_name_of("--owner", text);
    });
}

// What follows the first word of a command is ExaBGP's, dashes or not.
RunOptions run_options(const SubcommandWords& words) {
    RunOptions options;
    std::optional<std::string> batch;
    std::optional<std::uint64_t> from;
    SubcommandLine line(words);
    line.bind("--batch", batch);
    line.bind("--from", from, "the number of a line");
    line.bind("--stop-on-error", options.stop_on_error);
    line.bind("--json", options.json);
    line.bind("--verbose", options.verbose);
    line.bind("--raw", options.raw);
    bind_settings(line, options.settings);
    const Words rest = line.read_leading();
    std::span<const std::string> command = rest;
    if (!command.empty() && command.front() == "-") {  // short for --batch -, options may follow
        if (batch) refuse("run has both --batch and -; give one of them");
        const Words more = line.read(command.subspan(1), SubcommandLine::any_number);
        if (!more.empty())
            refuse("run - takes its commands from standard input, unexpected: {}", more.front());
        batch = "-";
        command = {};
    }
    if (batch) {
        if (!command.empty())
            refuse("run has both --batch and a command, {}; give one of them", command.front());
        if (batch->empty()) refuse("--batch: the name of the file is empty");
        options.batch = *batch;
        options.from = from.value_or(1);
        return options;
    }
    if (!command.empty() && command.front() == "--") command = command.subspan(1);
    if (command.empty())
        refuse("run needs a command, or --batch FILE to read commands (exapulse run --help)");
    for (const auto& [given, option] : {std::pair(options.stop_on_error, "--stop-on-error"),
                                        std::pair(from.has_value(), "--from")})
        if (given) refuse("{} is only for a batch (exapulse run --help)", option);
    options.command = fmt::format("{}", fmt::join(command, " "));
    options.words.assign(command.begin(), command.end());
    return options;
}

}  // namespace

Action run_command(const SubcommandWords& words) {
    return {run_options(words), execute_run};
}

Action run_kept_batch(const std::string& file) {
    RunOptions options;
    options.batch = file;
    options.settings.keep = true;
    return {options, execute_run};
}

}  // namespace exapulse::client
