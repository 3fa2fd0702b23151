// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: subscribes and shows events until one of them, or time, ends it.
#include "client/events/watch_command.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <poll.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/events/event_runner.hpp"
#include "client/events/event_text.hpp"
#include "client/events/watch_progress.hpp"
#include "client/exchange/signal_file.hpp"
#include "client/exchange/subscription.hpp"
#include "client/exit_code.hpp"
#include "client/option_values.hpp"
#include "client/subcommand_line.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

constexpr std::initializer_list<int> ending_signals{SIGINT, SIGTERM, SIGHUP};

class Watch {
  public:
    Watch(const Arguments& arguments, const WatchOptions& options)
        : options_(options),
          quiet_(arguments.quiet),
          timeout_(arguments.timeout),
          progress_(options),
          events_(arguments.socket, timeout_.value_or(default_timeout), progress_.request()) {
        if (!options.exec) return;
        runner_ =
            std::make_unique<EventRunner>(*options.exec, arguments.socket, options.exec_timeout);
        signals_ = std::make_unique<SignalFile>(ending_signals);
    }

    ExitCode run() {
        const ExitCode code = watch();
        if (runner_ && code == ExitCode::TimedOut) runner_->drop_waiting();
        while (runner_ && runner_->running()) {
            std::array<pollfd, 2> fds{pollfd{runner_->fd(), POLLIN, 0},
                                      pollfd{signals_->fd(), POLLIN, 0}};
            poll(fds.data(), fds.size(), poll_timeout(runner_->deadline()));
            attend_command();
        }
        if (signal_) die();
        return code;
    }

  private:
    ExitCode watch() {
        while (!end_) {
            const auto limit = deadline();
            const auto ready = runner_ ? events_.wait({runner_->fd(), signals_->fd()},
                                                      earlier(limit, runner_->deadline()))
                                       : events_.wait({-1, -1}, limit);
            if (runner_) attend_command();
            if (signal_) return ExitCode::Done;
            if (limit && ready.timed_out && Clock::now() >= *limit) return time_is_up();
            if (!ready.read) continue;
            const auto state = events_.read([this](const auto& event, std::string_view line) {
                on_event(event, line);
                return !end_;
            });
            flush_output();
            if (state == Subscription::State::Closed) return closed();
            if (state == Subscription::State::Refused) {
                complain(events_.refusal().text);
                return events_.refusal().code;
            }
        }
        if (!reason_.empty()) complain(reason_);
        return *end_;
    }

    /// A signal that ends this process ends the command first; a second one at once.
    void attend_command() {
        while (const auto number = signals_->next()) {
            if (!signal_ && runner_->running())
                complain(fmt::format("{}: the command of --exec that runs is ended, too",
                                     strsignal(*number)));
            if (!signal_) runner_->drop_waiting();
            signal_ = number;
            runner_->end();
        }
        runner_->advance();
    }

    /// As if the signal had not been caught, which is what callers look for.
    void die() {
        flush_output();
        signals_.reset();
        std::raise(*signal_);
    }

    // The snapshot comes at once or exapulsed is stuck; after it only --timeout limits the wait.
    std::optional<Clock::time_point> deadline() const {
        if (!progress_.opened()) return started_ + timeout_.value_or(default_timeout);
        if (timeout_) return started_ + *timeout_;
        return std::nullopt;
    }

    void on_event(const nlohmann::json& event, std::string_view line) {
        const auto step = progress_.on_event(event);
        if (step.show && !quiet_)
            options_.json ? print_answer(line) : print_line(event_text(event, style_));
        if (step.happened && runner_) runner_->add(event, std::string(line));
        if (!step.end) return;
        end_ = step.end;
        reason_ = step.reason;
    }

    ExitCode closed() const {
        complain(
            "exapulsed closed the connection, there will be no more events: it has ended, or has "
            "cut this client; journalctl -u 'exapulsed*' tells");
        return ExitCode::Unreachable;
    }

    ExitCode time_is_up() const {
        const std::string time = format_duration(timeout_.value_or(default_timeout));
        if (!progress_.opened())
            complain(
                fmt::format("exapulsed sent nothing within {} (--timeout); see journalctl -u "
                            "'exapulsed*'",
                            time));
        else if (options_.count)
            complain(fmt::format("{} of {} events within {} (--timeout)", progress_.counted(),
                                 *options_.count, time));
        else
            complain(fmt::format("the time is up: {} (--timeout)", time));
        return ExitCode::TimedOut;
    }

    WatchOptions options_;
    bool quiet_;
    std::unique_ptr<EventRunner> runner_;  // with --exec
    std::unique_ptr<SignalFile> signals_;  // with --exec
    std::optional<int> signal_;            // that ends this process
    std::optional<std::chrono::milliseconds> timeout_;
    WatchProgress progress_;
    Subscription events_;
    Style style_ = style_of_stdout();
    Clock::time_point started_ = Clock::now();
    std::optional<ExitCode> end_;
    std::string reason_;
};

WatchOptions options_in(const SubcommandLine& line) {
    WatchOptions options;
    options.types = line.types({EventType::State});
    options.json = line.has("--json");
    options.exit_on_failure = line.has("--exit-on-failure");
    options.exec = line.given().value("--exec");
    if (options.exec && words(*options.exec).empty()) refuse("--exec: the command is empty");
    if (const auto time = line.time("--exec-timeout")) {
        if (!options.exec) refuse("--exec-timeout is for --exec (exapulse watch --help)");
        options.exec_timeout = *time;
    }
    if (const auto count = line.given().value("--count"))
        options.count = number_of("--count", *count, "a number of events");
    line.refuse_arguments();
    return options;
}

ExitCode carry_out(const Arguments& arguments, const WatchOptions& options) {
    return Watch(arguments, options).run();
}

}  // namespace

Action watch_command(const SubcommandWords& words) {
    const SubcommandLine line(words);
    return {options_in(line), carry_out};
}

}  // namespace exapulse::client
