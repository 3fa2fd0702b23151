// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: subscribes and shows events until one of them, or time, ends it.
#include "client/events/watch_command.hpp"

#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/events/event_runner.hpp"
#include "client/events/event_text.hpp"
#include "client/events/watch_progress.hpp"
#include "client/exchange/subscription.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

class Watch {
  public:
    Watch(const Arguments& arguments, const WatchOptions& options)
        : options_(options),
          quiet_(arguments.quiet),
          timeout_(arguments.timeout),
          progress_(options),
          events_(arguments.socket, timeout_.value_or(default_timeout), progress_.request()) {
        if (options.exec) runner_ = std::make_unique<EventRunner>(*options.exec, arguments.socket);
    }

    ExitCode run() {
        const ExitCode code = watch();
        if (runner_ && code == ExitCode::TimedOut) runner_->drop_waiting();
        if (runner_) runner_->finish();
        return code;
    }

  private:
    ExitCode watch() {
        while (!end_) {
            const auto ready = events_.wait(runner_ ? runner_->fd() : -1, deadline());
            if (ready.also) runner_->on_ended();
            if (ready.timed_out) return time_is_up();
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
    std::optional<std::chrono::milliseconds> timeout_;
    WatchProgress progress_;
    Subscription events_;
    Style style_ = style_of_stdout();
    Clock::time_point started_ = Clock::now();
    std::optional<ExitCode> end_;
    std::string reason_;
};

}  // namespace

ExitCode watch_command(const Arguments& arguments, const WatchOptions& options) {
    return Watch(arguments, options).run();
}

}  // namespace exapulse::client
