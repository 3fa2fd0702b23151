// SPDX-License-Identifier: BSD-3-Clause
// `exapulse watch`: subscribes and shows events until one of them, or time, ends it.
#include "client/watch_command.hpp"

#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/answer.hpp"
#include "client/connect_problem.hpp"
#include "client/daemon_connection.hpp"
#include "client/event_runner.hpp"
#include "client/event_text.hpp"
#include "client/terminal.hpp"
#include "client/watch_progress.hpp"
#include "common/line_framer.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

constexpr std::size_t longest_event = 1U << 20;

class Watch {
  public:
    Watch(const Arguments& arguments, const WatchOptions& options)
        : options_(options),
          socket_(arguments.socket),
          quiet_(arguments.quiet),
          timeout_(arguments.timeout),
          connection_(arguments.socket, timeout_.value_or(default_timeout)),
          progress_(options) {
        if (options.exec) runner_ = std::make_unique<EventRunner>(*options.exec, arguments.socket);
    }

    ExitCode run() {
        const ExitCode code = watch();
        if (runner_) runner_->finish();
        return code;
    }

  private:
    ExitCode watch() {
        subscribe();
        while (!end_) {
            const auto ready = connection_.wait({.also = runner_ ? runner_->fd() : -1}, deadline());
            if (ready.also) runner_->on_ended();
            if (ready.timed_out) return time_is_up();
            if (!ready.read) continue;
            const auto bytes = connection_.read_some();
            if (!bytes) return closed();
            framer_.feed(*bytes, [this](const LineFramer::Line& line) {
                on_line(line.text);
                return !end_;
            });
            flush_output();
        }
        if (!reason_.empty()) complain(reason_);
        return *end_;
    }

    void subscribe() {
        // Far smaller than a socket buffer, and nothing is in it yet: it goes out whole. Should
        // exapulsed have closed already, what it said is still to be read.
        connection_.write_some(progress_.request() + "\n");
    }

    // The snapshot comes at once or exapulsed is stuck; after it only --timeout limits the wait.
    std::optional<Clock::time_point> deadline() const {
        if (!progress_.opened()) return started_ + timeout_.value_or(default_timeout);
        if (timeout_) return started_ + *timeout_;
        return std::nullopt;
    }

    void on_line(std::string_view line) {
        const auto event = nlohmann::json::parse(line, nullptr, false);
        if (event.is_object())
            on_event(event, line);
        else if (const auto verdict = refusal_.feed(line, [](std::string_view) {}))
            refused(*verdict);
    }

    void refused(const Verdict& verdict) {
        const bool from_exapulsed =
            verdict.code != ExitCode::Done && verdict.code != ExitCode::ExabgpError;
        if (from_exapulsed)
            end_with(verdict.code, verdict.text);
        else
            end_with(ExitCode::Unreachable, foreign_socket(socket_));
    }

    void on_event(const nlohmann::json& event, std::string_view line) {
        const auto step = progress_.on_event(event);
        if (step.show && !quiet_)
            print_line(options_.json ? std::string(line) : event_text(event, style_));
        if (step.happened && runner_) runner_->add(event, std::string(line));
        if (step.end) end_with(*step.end, step.reason);
    }

    void end_with(ExitCode code, std::string reason) {
        end_ = code;
        reason_ = std::move(reason);
    }

    ExitCode closed() const {
        complain(
            "exapulsed closed the connection, there will be no more events; see systemctl "
            "status 'exapulsed*' and journalctl -u 'exapulsed*'");
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
    std::string socket_;
    bool quiet_;
    std::unique_ptr<EventRunner> runner_;  // with --exec
    std::optional<std::chrono::milliseconds> timeout_;
    DaemonConnection connection_;
    WatchProgress progress_;
    LineFramer framer_{longest_event};
    AnswerReader refusal_;
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
