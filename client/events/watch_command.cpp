// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: subscribes and shows events until one of them, or time, ends it.
#include "client/events/watch_command.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/events/cursor_file.hpp"
#include "client/events/event_handler.hpp"
#include "client/events/event_runner.hpp"
#include "client/events/event_text.hpp"
#include "client/events/instance_runner.hpp"
#include "client/events/restart_finder.hpp"
#include "client/events/watch_progress.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/subscription.hpp"
#include "client/io/poll_set.hpp"
#include "client/io/signal_file.hpp"
#include "client/view/terminal.hpp"
#include "common/json.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{2'000};
// A command that runs is not to be left alone for longer by a full backlog.
constexpr std::chrono::milliseconds connect_again_timeout{100};

class Watch {
  public:
    Watch(const Arguments& arguments, const WatchOptions& options)
        : options_(options),
          quiet_(arguments.quiet),
          timeout_(arguments.timeout),
          socket_(arguments.socket),
          progress_(options) {
        attach(timeout_.value_or(default_timeout));
        if (options.cursor) {
            cursor_.emplace(*options.cursor);
            finder_ = RestartFinder(RestartFinder::AtFirst::NoneIsKnown, cursor_->load());
        }
        if (!options.exec) return;
        if (cursor_) {
            auto runner = std::make_unique<InstanceRunner>(*options.exec, arguments.socket,
                                                           options.exec_timeout, *cursor_);
            instances_ = runner.get();
            runner_ = std::move(runner);
        } else {
            runner_ = std::make_unique<EventRunner>(*options.exec, arguments.socket,
                                                    options.exec_timeout);
        }
        signals_ = std::make_unique<SignalFile>(ending_signals);
    }

    ExitCode run() {
        const ExitCode code = watch();
        if (runner_ && (cursor_ || code == ExitCode::TimedOut)) runner_->drop_waiting();
        while (runner_ && runner_->running()) {
            PollSet set;
            set.add(runner_->fd());
            set.add(signals_->fd());
            (void)set.wait(runner_->deadline());
            attend_command();
        }
        if (signal_) die();
        return code;
    }

  private:
    ExitCode watch() {
        while (!end_) {
            const auto limit = deadline();
            const bool readable = wait(limit);
            if (runner_) attend_command();
            if (signal_) return ExitCode::Done;
            if (all_handled()) return ExitCode::Done;
            if (limit && !readable && Clock::now() >= *limit) return time_is_up();
            if (!events_) attach_again();
            if (!readable) continue;
            const auto state = events_->read([this](const auto& event, std::string_view line) {
                on_event(event, line);
                return !end_;
            });
            flush_output();
            if (state == Subscription::State::Open || end_) continue;
            if (cursor_ && attached_) {
                on_lost(state);
                continue;
            }
            if (state == Subscription::State::Closed) return closed();
            complain(events_->refusal().text);
            return events_->refusal().code;
        }
        if (!reason_.empty()) complain(reason_);
        return *end_;
    }

    /// Whether there is something to read from exapulsed.
    bool wait(std::optional<Clock::time_point> limit) {
        const std::array<int, 2> also =
            runner_ ? std::array{runner_->fd(), signals_->fd()} : std::array{-1, -1};
        const auto wake = runner_ ? earlier(limit, runner_->deadline()) : limit;
        if (events_) return events_->wait(also, wake).read;
        PollSet set;
        for (const int other : also) set.add(other);
        (void)set.wait(earlier(wake, retry_at_));
        return false;
    }

    void attach(std::chrono::milliseconds timeout) {
        events_ = std::make_unique<Subscription>(socket_, timeout, progress_.request());
        asked_at_ = Clock::now();
    }

    void attach_again() {
        if (Clock::now() < retry_at_) return;
        try {
            attach(connect_again_timeout);
        } catch (const Unreachable&) {
            retry_later();
        }
    }

    /// With a cursor exapulsed is waited for: what happens meanwhile is found by the UUID.
    void on_lost(Subscription::State state) {
        if (!lost_told_)
            complain(state == Subscription::State::Refused
                         ? events_->refusal().text + "; attaching again"
                         : "exapulsed closed the connection; attaching again");
        lost_told_ = true;
        events_.reset();
        progress_.on_lost();
        if (runner_) runner_->set_up(false);
        retry_later();
    }

    void retry_later() {
        retry_at_ = Clock::now() + pause_;
        pause_ = std::min(2 * pause_, longest_pause);
    }

    /// So many ExaBGPs as --count asks for.
    bool all_handled() const {
        return instances_ != nullptr && options_.count && instances_->handled() >= *options_.count;
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
        const auto whole = timeout_ ? std::optional(started_ + *timeout_) : std::nullopt;
        if (events_ && !progress_.opened())
            return earlier(whole, asked_at_ + timeout_.value_or(default_timeout));
        return whole;
    }

    void on_event(const nlohmann::json& event, std::string_view line) {
        attached_ = true;
        lost_told_ = false;
        pause_ = first_pause;
        const auto finding = finder_.on_event(event);
        if (!finding.repeated) take(event, line);
        if (finding.restarted && !end_) take(*finding.restarted, json_text(*finding.restarted));
        if (runner_) runner_->set_up(health_field(event) == HealthState::Up);
    }

    void take(const nlohmann::json& event, std::string_view line) {
        const auto step = progress_.on_event(event);
        if (step.show && !quiet_)
            options_.json ? print_answer(line) : print_line(event_text(event, style_));
        if (step.happened && runner_) runner_->add(event, std::string(line));
        if (step.happened && cursor_ && !runner_) save_cursor();
        if (!step.end) return;
        end_ = step.end;
        reason_ = step.reason;
    }

    /// Without --exec what was printed is handled.
    void save_cursor() const {
        flush_output();
        if (const int error = cursor_->save(finder_.known()); error != 0)
            complain(
                fmt::format("--cursor: {} can't be written: {}; the next start of this watch "
                            "reports this restart again",
                            cursor_->path(), std::strerror(error)));
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
    std::unique_ptr<EventHandler> runner_;  // with --exec
    InstanceRunner* instances_ = nullptr;   // the same, with --cursor
    std::unique_ptr<SignalFile> signals_;   // with --exec
    std::optional<int> signal_;             // that ends this process
    std::optional<CursorFile> cursor_;      // with --cursor
    RestartFinder finder_;
    std::optional<std::chrono::milliseconds> timeout_;
    std::string socket_;
    WatchProgress progress_;
    std::unique_ptr<Subscription> events_;  // null while exapulsed is away
    Clock::time_point asked_at_;            // the snapshot is due since then
    bool attached_ = false;                 // once
    bool lost_told_ = false;
    std::optional<Clock::time_point> retry_at_;
    std::chrono::milliseconds pause_ = first_pause;
    Style style_ = style_of_stdout();
    Clock::time_point started_ = Clock::now();
    std::optional<ExitCode> end_;
    std::string reason_;
};

WatchOptions options_in(const SubcommandWords& words_given) {
    WatchOptions options;
    std::optional<std::chrono::milliseconds> exec_timeout;
    SubcommandLine line(words_given);
    line.bind("--type", options.types, {EventType::State});
    line.bind("--json", options.json);
    line.bind("--count", options.count, "a number of events");
    line.bind("--exit-on-failure", options.exit_on_failure);
    line.bind("--exec", options.exec);
    line.bind("--exec-timeout", exec_timeout);
    line.bind("--cursor", options.cursor);
    line.read();
    if (options.exec && words(*options.exec).empty()) refuse("--exec: the command is empty");
    if (exec_timeout && !options.exec)
        refuse("--exec-timeout is for --exec (exapulse watch --help)");
    options.exec_timeout = exec_timeout.value_or(default_exec_timeout);
    if (options.cursor && options.cursor->empty())
        refuse("--cursor: the name of the file is empty");
    if (options.cursor) {
        const std::vector<EventType> restarts{EventType::Restarted};
        if (!options.types.empty() && options.types != restarts)
            refuse("--cursor is for restarts only, so --type does not go with it");
        options.types = restarts;
    }
    return options;
}

ExitCode carry_out(const Arguments& arguments, const WatchOptions& options) {
    return Watch(arguments, options).run();
}

}  // namespace

Action watch_command(const SubcommandWords& words) {
    return {options_in(words), carry_out};
}

}  // namespace exapulse::client
