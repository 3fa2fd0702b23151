// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: subscribes and shows events until one of them, or time, ends it.
#include "client/events/watch_command.hpp"

#include <cstring>
#include <memory>
#include <optional>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/cli/subcommand_line.hpp"
#include "client/events/cursor_file.hpp"
#include "client/events/event_runner.hpp"
#include "client/events/repeating_runner.hpp"
#include "client/events/restart_finder.hpp"
#include "client/events/watch_handler.hpp"
#include "client/events/watch_options.hpp"
#include "client/events/watch_progress.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/lasting_subscription.hpp"
#include "client/io/poll_set.hpp"
#include "client/view/event_text.hpp"
#include "client/view/terminal.hpp"
#include "common/json.hpp"
#include "common/json_fields.hpp"
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
        if (options.cursor) {
            cursor_.emplace(*options.cursor);
            finder_ = RestartFinder(RestartFinder::AtFirst::NoneIsKnown, cursor_->load());
        }
        if (options.exec) handler_.emplace(handler_for(arguments.socket));
    }

    ExitCode run() {
        const ExitCode code = follow();
        if (!handler_) return code;
        if (cursor_ || code == ExitCode::TimedOut) handler_->drop_waiting();
        handler_->finish();
        if (handler_->signalled()) handler_->die();
        return code;
    }

  private:
    std::unique_ptr<EventHandler> handler_for(const std::string& socket) {
        if (!cursor_)
            return std::make_unique<EventRunner>(*options_.exec, socket, options_.exec_timeout);
        auto runner = std::make_unique<RepeatingRunner>(*options_.exec, socket,
                                                        options_.exec_timeout, *cursor_);
        instances_ = runner.get();
        return runner;
    }

    ExitCode follow() {
        while (!end_) {
            wait();
            if (handler_) handler_->attend();
            if ((handler_ && handler_->signalled()) || all_handled()) return ExitCode::Done;
            const auto state = events_.go_on([this](const auto& event, std::string_view line) {
                on_event(event, line);
                return !end_;
            });
            flush_output();
            if (end_) break;
            if (state != Subscription::State::Open) on_lost();
            if (const auto limit = deadline(); !end_ && limit && Clock::now() >= *limit)
                return time_is_up();
        }
        if (!reason_.empty()) complain(reason_);
        return *end_;
    }

    void wait() const {
        PollSet set;
        set.add(events_.fd());
        if (handler_) handler_->add_to(set);
        const auto due = earlier(deadline(), events_.due());
        (void)set.wait(handler_ ? earlier(due, handler_->deadline()) : due);
    }

    /// What happens to ExaBGP until exapulsed is back is found by the UUID.
    void on_lost() {
        const auto& refusal = events_.refusal();
        if (!attached_ || !options_.outlasts_exapulsed) {
            end_ = refusal ? refusal->code : ExitCode::Unreachable;
            reason_ = refusal ? refusal->text
                              : "exapulsed closed the connection, there will be no more events: it "
                                "stopped or disconnected this client; see journalctl -u "
                                "'exapulsed*'";
            return;
        }
        if (!loss_reported_)
            complain((refusal ? refusal->text : "exapulsed closed the connection") +
                     "; attaching again, of what happens meanwhile only a restart of ExaBGP is "
                     "reported");
        loss_reported_ = true;
        progress_.on_lost();
        if (handler_) handler_->set_up(false);
    }

    /// As many ExaBGPs as --count asks for.
    bool all_handled() const {
        return instances_ != nullptr && options_.count && instances_->handled() >= *options_.count;
    }

    // The snapshot comes at once or exapulsed hangs; after it only --timeout limits the wait.
    std::optional<Clock::time_point> deadline() const {
        const auto whole = timeout_ ? std::optional(started_ + *timeout_) : std::nullopt;
        if (!awaits_snapshot()) return whole;
        return earlier(whole, events_.asked_at() + timeout_.value_or(default_timeout));
    }

    bool awaits_snapshot() const { return events_.attached() && !progress_.opened(); }

    void on_event(const nlohmann::json& event, std::string_view line) {
        attached_ = true;
        loss_reported_ = false;
        const auto finding = finder_.on_event(event);
        if (!finding.repeated) take(event, line);
        if (finding.restarted && !end_) take(*finding.restarted, json_text(*finding.restarted));
        if (handler_) handler_->set_up(health_field(event) == HealthState::Up);
    }

    void take(const nlohmann::json& event, std::string_view line) {
        const auto step = progress_.on_event(event);
        if (step.show && !quiet_)
            options_.json ? print_answer(line) : print_line(event_text(event, style_));
        if (step.happened && handler_) handler_->add(event, std::string(line));
        if (step.happened && cursor_ && !handler_) save_cursor();
        if (!step.end) return;
        end_ = step.end;
        reason_ = step.reason;
    }

    /// Without --exec, what was printed is handled.
    void save_cursor() const {
        flush_output();
        if (const int error = cursor_->save(finder_.known()); error != 0)
            complain(
                fmt::format("--cursor: cannot write {}: {}; the next start of this watch "
                            "reports this restart again",
                            cursor_->path(), std::strerror(error)));
    }

    ExitCode time_is_up() const {
        const std::string time = format_duration(timeout_.value_or(default_timeout));
        if (awaits_snapshot())
            complain(fmt::format(
                "exapulsed sent nothing within {} (--timeout); see journalctl -u 'exapulsed*'",
                time));
        else if (options_.count)
            complain(fmt::format("{} of {} events within {} (--timeout)", progress_.counted(),
                                 *options_.count, time));
        else
            complain(fmt::format("timed out after {} (--timeout)", time));
        return ExitCode::TimedOut;
    }

    WatchOptions options_;
    bool quiet_;
    std::optional<std::chrono::milliseconds> timeout_;
    std::optional<CursorFile> cursor_;      // with --cursor
    std::optional<WatchHandler> handler_;   // with --exec
    RepeatingRunner* instances_ = nullptr;  // its runner, with --cursor
    RestartFinder finder_;
    WatchProgress progress_;
    LastingSubscription events_;
    bool attached_ = false;  // once
    bool loss_reported_ = false;
    Style style_ = style_of_stdout();
    Clock::time_point started_ = Clock::now();
    std::optional<ExitCode> end_;
    std::string reason_;
};

// Exit code 8 tells a script, which reads the events from a pipe, that some may be missing.
ExitCode execute(const Arguments& arguments, const WatchOptions& given) {
    WatchOptions options = given;
    options.outlasts_exapulsed = options.cursor || options.exec || isatty(STDOUT_FILENO) == 1;
    return Watch(arguments, options).run();
}

}  // namespace

Action watch_command(const SubcommandWords& words) {
    return {read_watch_options(words), execute};
}

}  // namespace exapulse::client
