// SPDX-License-Identifier: BSD-3-Clause
// `exapulse run`: one command, or every line of a batch.
#include "client/run/run_command.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <span>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "client/cli/option_parser.hpp"
#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/cli/subcommands.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_pump.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/exchange/question.hpp"
#include "client/exchange/speller.hpp"
#include "client/io/output_lines.hpp"
#include "client/io/signal_file.hpp"
#include "client/run/command_hint.hpp"
#include "client/run/run_progress.hpp"
#include "client/run/run_report.hpp"
#include "client/run/run_result.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

// What ends a run early; what became of its commands is told first.
constexpr std::initializer_list<int> ending_signals{SIGINT, SIGTERM, SIGHUP};

Speller speller_for(const RunOptions& options) {
    if (options.raw) return {};
    return Speller([verbose = options.verbose](std::size_t line, std::string_view sent,
                                               std::string_view dialect) {
        if (verbose) remark("exapulse: " + RunReport::respelled(line, sent, dialect));
    });
}

/// Where answers go: to stdout as they come, or with their command as a line of JSON.
class Answers {
  public:
    Answers(const Arguments& arguments, const RunOptions& options)
        : quiet_(arguments.quiet), json_(options.json) {}

    void data(std::string_view line) {
        had_data_ = true;
        if (json_)
            gathered_.emplace_back(line);
        else if (!quiet_)
            output_.add(line);
    }
    void end(const Command& command, const Verdict& verdict) {
        if (json_ && !quiet_) output_.add(format_result(command, verdict, gathered_));
        gathered_.clear();
    }
    /// To be called before anything else is written: it stands behind what it is about. False: the
    /// reader does not take all.
    bool write() {
        output_.write_some();
        return all_written();
    }
    [[nodiscard]] bool all_written() const { return output_.empty(); }
    [[nodiscard]] OutputLines& output() { return output_; }
    [[nodiscard]] bool had_data() const { return had_data_; }

  private:
    bool quiet_, json_;
    bool had_data_ = false;
    std::vector<std::string> gathered_;
    OutputLines output_;
};

/// The code to end with. Answers that a signal has kept from their reader are none.
ExitCode code_of(const RunReport& report, const Answers& answers) {
    if (answers.all_written()) return report.worst();
    complain("interrupted: nobody took the rest of the answers from standard output");
    return worse(report.worst(), ExitCode::OutcomeUnknown);
}

bool is_file(const std::string& name) {
    return access(name.c_str(), F_OK) == 0;
}

ExitCode run_one(const Arguments& arguments, const RunOptions& options, milliseconds timeout) {
    const Command command{*options.command};
    RunReport report;
    Answers answers(arguments, options);
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
    // A script has --timeout; a person wants to know what for.
    const bool person = isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
    std::function<void()> on_slow;
    if (person && !arguments.quiet)
        on_slow = [] { remark("waiting for ExaBGP's answer; Ctrl-C stops waiting"); };
    try {
        DaemonConnection connection(arguments.socket, timeout);
        exchange.add(command);
        SignalFile interrupts(ending_signals);
        const Pumped end = pump(connection, exchange, timeout,
                                {.output = &answers.output(),
                                 .interrupts = &interrupts,
                                 .withdraw = true,
                                 .on_slow = on_slow});
        if (!end.complete) end_with(command, not_sent(end.why));
        if (end.interrupted) return code_of(report, answers);
    } catch (const Unreachable& error) {
        end_with(command, {ExitCode::Unreachable, error.what()});
    }
    // Silence would leave a person in doubt; a script has the exit code.
    const bool silent = !answers.had_data() && !options.json && !arguments.quiet;
    if (report.worst() == ExitCode::Done && silent && person) remark("done");
    answers.output().write_all();
    return report.worst();
}

/// Which ExaBGP exapulsed has seen last; nullopt where it does not say.
std::optional<std::string> uuid_of_exabgp(const std::string& socket) {
    const auto status = ask_in_passing(socket, "sidecar status");
    return status && !status->empty() ? text_field(parsed(status->front()), "uuid") : std::nullopt;
}

/// A batch, from the descriptor that standard input is.
class Batch {
  public:
    Batch(DaemonConnection& connection, const Arguments& arguments, const RunOptions& options,
          std::optional<std::uint64_t> size)
        : connection_(connection),
          options_(options),
          socket_(arguments.socket),
          quiet_(arguments.quiet),
          timeout_(arguments.timeout.value_or(default_timeout)),
          answers_(arguments, options),
          progress_(!quiet_, size),
          exchange_([this](std::string_view line) { on_data(line); },
                    [this](const Command& command, const Verdict& verdict) {
                        on_verdict(command, verdict);
                    },
                    // One at a time, so that nothing behind a failed line is carried out.
                    speller_for(options), options.stop_on_error ? 1 : CommandExchange::window),
          input_([this](Command command) { exchange_.add(std::move(command)); },
                 [this](Command command, const Verdict& why) {
                     exchange_.add_refused(std::move(command), why);
                 }) {}

    ExitCode run() {
        input_.begin_at(options_.from);
        const Pumped end = pump(connection_, exchange_, timeout_,
                                {.input = &input_,
                                 .output = &answers_.output(),
                                 .interrupts = &interrupts_,
                                 .withdraw = true});
        progress_.clear();
        if (const auto text = report_.folded()) complain(*text);
        tell_early_end(end);
        if (end.complete && options_.from > input_.lines() + 1) {
            complain(fmt::format("--from {}: the batch has only {}", options_.from,
                                 counted(input_.lines(), "line")));
            return ExitCode::Usage;
        }
        const bool done = report_.worst() == ExitCode::Done;
        if (const auto text = report_.summary())
            complain(*text);
        else if (done && !quiet_ && isatty(STDERR_FILENO) == 1)
            remark(report_.success(progress_.elapsed()));
        return code_of(report_, answers_);
    }

  private:
    enum class StoppedBy { Nothing, Failure, SilentExabgp };

    void on_data(std::string_view line) {
        progress_.clear();
        answers_.data(line);
    }

    void on_verdict(const Command& command, const Verdict& verdict) {
        answers_.end(command, verdict);
        if (verdict.code == ExitCode::Done && !std::exchange(any_done_, true))
            uuid_ = uuid_of_exabgp(socket_);
        for (const std::string& text : report_.add(command, verdict)) {
            progress_.clear();
            answers_.write();
            complain(text);
        }
        if (stopped_by_ == StoppedBy::Nothing && verdict.code != ExitCode::Done &&
            options_.stop_on_error) {
            failed_line_ = command.line;
            stop(StoppedBy::Failure);
        } else if (stopped_by_ == StoppedBy::Nothing && exchange_.window_refused()) {
            stop(StoppedBy::SilentExabgp);
        }
        if (progress_.due() && answers_.write())
            progress_.show(report_.lines() - report_.failed(), report_.failed(), input_.bytes());
    }

    /// What was not sent, and how to go on from there.
    void tell_early_end(const Pumped& end) {
        const std::size_t next = exchange_.first_unsent().value_or(input_.lines() + 1);
        if (stopped_by_ == StoppedBy::Failure)
            complain(RunReport::stopped_before(next));
        else if (stopped_by_ == StoppedBy::SilentExabgp)
            complain(RunReport::unreachable_before(next));
        else if (!end.complete)
            complain(report_.add_unsent_from(next, end.why));
        const bool early = stopped_by_ != StoppedBy::Nothing || !end.complete ||
                           (!end.why.empty() && report_.has_open());
        if (restarted())
            complain(report_.add_restart());
        else if (early)
            complain(report_.resume(failed_line_ > 0 ? failed_line_ : next));
    }

    void stop(StoppedBy what) {
        stopped_by_ = what;
        exchange_.stop();
        input_.stop();
    }

    [[nodiscard]] bool restarted() const {
        return uuid_ && uuid_of_exabgp(socket_).value_or(*uuid_) != *uuid_;
    }

    DaemonConnection& connection_;
    const RunOptions& options_;
    const std::string& socket_;
    bool quiet_;
    milliseconds timeout_;
    SignalFile interrupts_{ending_signals};
    RunReport report_;
    Answers answers_;
    RunProgress progress_;
    CommandExchange exchange_;
    InputLines input_;
    StoppedBy stopped_by_ = StoppedBy::Nothing;
    std::size_t failed_line_ = 0;  // that ended the batch
    bool any_done_ = false;
    std::optional<std::string> uuid_;  // of the ExaBGP that carried out the first line
};

/// Makes `file` standard input, and gives its size where it has one. Nothing but the batch is read
/// from there. A problem is told in one line.
std::optional<std::string> open_batch(const std::string& file, std::optional<std::uint64_t>& size) {
    if (file != "-") {
        const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) return fmt::format("can't open the batch {}: {}", file, std::strerror(errno));
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

ExitCode carry_out(const Arguments& arguments, const RunOptions& options) {
    const milliseconds timeout = arguments.timeout.value_or(default_timeout);
    if (options.command) return run_one(arguments, options, timeout);
    std::optional<std::uint64_t> size;
    if (const auto problem = open_batch(options.batch, size)) {
        complain(*problem);
        return ExitCode::Usage;
    }
    DaemonConnection connection(arguments.socket, timeout);
    return Batch(connection, arguments, options, size).run();
}

RunOptions options_in(const SubcommandLine& line, std::span<const std::string> command) {
    RunOptions options;
    options.stop_on_error = line.has("--stop-on-error");
    options.raw = line.has("--raw");
    options.verbose = line.has("--verbose");
    options.json = line.has("--json");
    line.refuse_arguments();
    if (const auto batch = line.given().value("--batch")) {
        if (!command.empty())
            refuse("run has both --batch and a command, {}; which one?", command.front());
        options.batch = *batch;
        if (options.batch.empty()) refuse("--batch: the name of the file is empty");
        if (const auto from = line.given().value("--from"))
            options.from = number_of("--from", *from, "the number of a line");
        return options;
    }
    if (!command.empty() && command.front() == "--") command = command.subspan(1);
    if (command.empty())
        refuse("run needs a command, or --batch FILE to read commands (exapulse run --help)");
    options.command = fmt::format("{}", fmt::join(command, " "));
    options.words.assign(command.begin(), command.end());
    for (const std::string_view option : {"--stop-on-error", "--from"})
        if (line.has(option)) refuse("{} is for a batch (exapulse run --help)", option);
    return options;
}

}  // namespace

// What follows the first word of a command is ExaBGP's, dashes or not.
Action run_command(const SubcommandWords& words) {
    const auto known = joined(words.subcommand.options, global_options());
    const std::size_t own = leading_options(words.words, known);
    Words options(words.words.begin(), words.words.begin() + static_cast<std::ptrdiff_t>(own));
    std::span<const std::string> command = words.words.subspan(own);
    const std::string first = command.empty() ? "" : command.front();
    if (first == "-") {  // short for --batch -, which options may follow
        const GivenOptions before = parse_options(options, known);
        if (before.has("--batch") && !before.has("--help"))
            refuse("run has both --batch and -; which one?");
        options.insert(options.end(), {"--batch", "-"});
        options.insert(options.end(), command.begin() + 1, command.end());
        command = {};
    } else if (first.starts_with('-') && first != "--") {
        refuse_option(first, words.subcommand.name, known);
    }
    const SubcommandLine line({words.subcommand, options, words.arguments});
    if (first == "-" && !line.arguments().empty())
        refuse("run - takes its commands from standard input, {} is one too many",
               line.arguments().front());
    return {options_in(line, command), carry_out};
}

}  // namespace exapulse::client
