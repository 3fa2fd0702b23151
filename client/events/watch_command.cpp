// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: subscribes and shows events until one of them, or time, ends it.
#include "client/events/watch_command.hpp"

#include <memory>
#include <optional>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/cli/subcommand_line.hpp"
#include "client/events/cursor_file.hpp"
#include "client/events/event_runner.hpp"
#include "client/events/repeating_runner.hpp"
#include "client/events/restart_finder.hpp"
#include "client/events/resumption.hpp"
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
          progress_(options) {
        if (options.cursor) load_cursor();
        if (options.exec) handler_.emplace(handler_for(arguments.socket));
        events_.emplace(arguments.socket, timeout_.value_or(default_timeout),
                        [this] { return progress_.request(resumption_.since()); });
    }

    ExitCode run() {
        const ExitCode code = follow();
        if (!handler_) return code;
        if (cursor_ || code == ExitCode::TimedOut) handler_->drop_waiting();
        handler_->finish();
        save_cursor();
        if (handler_->signalled()) handler_->die();
        return code;
    }

  private:
    void load_cursor() {
        cursor_.emplace(*options_.cursor);
        const Cursor known = cursor_->load();
        finder_ = RestartFinder(options_.follows_exabgp() ? RestartFinder::AtFirst::NoneIsKnown
                                                          : RestartFinder::AtFirst::AnyIsKnown,
                                known.uuid);
        resumption_ = Resumption(known.place);
    }

    std::unique_ptr<EventHandler> handler_for(const std::string& socket) {
        if (!cursor_)
            return std::make_unique<EventRunner>(*options_.exec, socket, options_.exec_timeout);
        auto runner = std::make_unique<RepeatingRunner>(
            *options_.exec, socket, options_.exec_timeout,
            options_.follows_exabgp() ? DueEvents::Keep::Newest : DueEvents::Keep::All);
        repeating_ = runner.get();
        return runner;
    }

    ExitCode follow() {
        while (!end_) {
            wait();
            if (handler_) handler_->attend();
            if ((handler_ && handler_->signalled()) || all_handled()) return ExitCode::Done;
            if (!full()) read();
            flush_output();
            save_cursor();
            if (end_) break;
            if (const auto limit = deadline(); limit && Clock::now() >= *limit) return time_is_up();
        }
        if (!reason_.empty()) complain(reason_);
        return *end_;
    }

    void wait() const {
        PollSet set;
        auto due = deadline();
        if (!full()) {
            set.add(events_->fd());
            due = earlier(due, events_->due());
        }
        if (cursor_) due = earlier(due, cursor_->deadline());
        if (handler_) {
            handler_->add_to(set);
            due = earlier(due, handler_->deadline());
        }
        (void)set.wait(due);
    }

    void read() {
        const auto state = events_->go_on([this](const auto& event, std::string_view line) {
            on_event(event, line);
            return !end_ && !lagged_;
        });
        if (end_) return;
        if (state != Subscription::State::Open) on_lost();
        if (std::exchange(lagged_, false)) {
            detached();
            events_->renew();
        }
    }

    /// What happens until exapulsed is back is in its history, or found by the UUID.
    void on_lost() {
        const auto& refusal = events_->refusal();
        if (refusal && refusal->error == ErrorCode::UnknownPlace &&
            resumption_.on_unknown_place()) {
            complain(
                fmt::format("exapulsed knows nothing of the events {}: they were on another "
                            "host, or its history was lost; continuing with those that it has",
                            cursor_ ? "after --cursor " + *options_.cursor : "so far"));
            gap_explained_ = true;
            return detached();
        }
        if (!outlasts(refusal)) {
            end_ = refusal ? refusal->code : ExitCode::Unreachable;
            reason_ = refusal ? refusal->text
                              : "exapulsed closed the connection, there will be no more events: it "
                                "stopped or disconnected this client; see journalctl -u "
                                "'exapulsed*'";
            return;
        }
        if (!loss_reported_)
            complain((refusal ? refusal->text : "exapulsed closed the connection") +
                     (resumption_.since().empty()
                          ? "; trying again"
                          : "; attaching again, the events until then follow"));
        loss_reported_ = true;
        detached();
    }

    /// Whether the watch goes on without the connection. Before the first event only an exapulsed
    /// that is busy is waited for: what else it says then is a mistake of whoever started this.
    bool outlasts(const std::optional<Verdict>& refusal) {
        const bool busy = refusal && refusal->error == ErrorCode::Busy;
        was_busy_ = was_busy_ || busy;
        return options_.outlasts_exapulsed && (attached_ || busy || (was_busy_ && !refusal));
    }

    void detached() {
        progress_.on_lost();
        if (handler_) handler_->set_up(false);
    }

    /// As many events, or ExaBGPs, as --count asks for.
    bool all_handled() const {
        return repeating_ != nullptr && options_.count && repeating_->count() >= *options_.count;
    }

    /// Events wait for the command of --exec, and exapulsed keeps the others.
    bool full() const { return repeating_ != nullptr && repeating_->full(); }

    // Something comes at once or exapulsed hangs; after the snapshot only --timeout limits the
    // wait.
    std::optional<Clock::time_point> deadline() const {
        const auto whole = timeout_ ? std::optional(started_ + *timeout_) : std::nullopt;
        if (!awaits_snapshot()) return whole;
        return earlier(whole, events_->heard_at() + timeout_.value_or(default_timeout));
    }

    bool awaits_snapshot() const { return events_->attached() && !progress_.opened() && !full(); }

    void on_event(const nlohmann::json& event, std::string_view line) {
        attached_ = true;
        loss_reported_ = false;
        const auto type = parse_event_type(text_field(event, "type").value_or(""));
        // What was dropped is still in the history.
        if (cursor_ && type == EventType::Lagged) {
            lagged_ = true;
            return;
        }
        if (const auto gap = resumption_.on_event(event)) see(*gap, json_text(*gap));
        see(event, line);
        // The state in an event of the past is not that of now.
        if (handler_ && progress_.opened())
            handler_->set_up(health_field(event) == HealthState::Up);
    }

    void see(const nlohmann::json& event, std::string_view line) {
        if (cursor_ && text_field(event, "type") == name_of(EventType::Gap) &&
            !std::exchange(gap_explained_, false))
            complain(
                fmt::format("--cursor {}: events are missing that exapulsed no longer keeps; "
                            "continuing with those that it has",
                            *options_.cursor));
        const std::string known = finder_.known();
        const auto finding = finder_.on_event(event);
        if (!finding.repeated) take(event, line, finding.restarted ? known : finder_.known());
        if (finding.restarted && !end_)
            take(*finding.restarted, json_text(*finding.restarted), finder_.known());
    }

    /// `handled`: the UUID known to be handled, once this event is.
    void take(const nlohmann::json& event, std::string_view line, const std::string& handled) {
        const auto step = progress_.on_event(event);
        if (step.show && !quiet_)
            options_.json ? print_answer(line) : print_line(event_text(event, style_));
        if (step.happened && handler_)
            handler_->add(event, std::string(line), {handled, place_of(event)});
        if (!step.end) return;
        end_ = step.end;
        reason_ = step.reason;
    }

    /// Without --exec, what was printed is handled.
    void save_cursor() {
        if (!cursor_) return;
        if (repeating_ == nullptr || repeating_->settled())
            cursor_->keep({finder_.known(), resumption_.place()});
        else if (const auto handled = repeating_->take_handled())
            cursor_->keep(*handled);
        cursor_->retry();
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
    RepeatingRunner* repeating_ = nullptr;  // its runner, with --cursor
    RestartFinder finder_;
    Resumption resumption_;
    WatchProgress progress_;
    std::optional<LastingSubscription> events_;
    bool attached_ = false;  // once
    bool was_busy_ = false;  // exapulsed, once
    bool lagged_ = false;    // with --cursor: to be subscribed to anew
    bool loss_reported_ = false;
    bool gap_explained_ = false;
    Style style_ = style_of_stdout();
    Clock::time_point started_ = Clock::now();
    std::optional<ExitCode> end_;
    std::string reason_;
};

ExitCode execute_watch(const Arguments& arguments, const WatchOptions& given) {
    WatchOptions options = given;
    // Whoever wants to know of failures at once learns of that of exapulsed too.
    options.outlasts_exapulsed =
        options.cursor || options.exec || isatty(STDOUT_FILENO) == 1 || !options.exit_on_failure;
    return Watch(arguments, options).run();
}

}  // namespace

Action watch_command(const SubcommandWords& words) {
    return {read_watch_options(words), execute_watch};
}

}  // namespace exapulse::client
