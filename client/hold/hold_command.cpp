// SPDX-License-Identifier: BSD-3-Clause
// `exapulse hold`: the check, the hook, the signals and the connection, all waited for together.
#include "client/hold/hold_command.hpp"

#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/hold/check_runner.hpp"
#include "client/hold/held_line.hpp"
#include "client/hold/hold_hook.hpp"
#include "client/hold/hold_link.hpp"
#include "client/hold/hold_options.hpp"
#include "client/hold/hold_state.hpp"
#include "client/hold/hold_text.hpp"
#include "client/io/output_lines.hpp"
#include "client/io/poll_set.hpp"
#include "client/io/signal_file.hpp"
#include "client/view/terminal.hpp"
#include "common/small_file.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

constexpr std::size_t largest_routes_file = 16U << 20;
constexpr std::size_t most_lines = 10'000;

class Hold {
  public:
    Hold(const Arguments& arguments, const HoldOptions& options, HoldPlan plan)
        : options_(options),
          socket_(arguments.socket),
          quiet_(arguments.quiet),
          state_(std::move(plan)),
          link_(socket_, arguments.timeout.value_or(default_timeout), state_) {
        if (options.exec) hook_.emplace(*options.exec, options.exec_timeout);
        if (options.check)
            check_.emplace(*options.check, options.check_timeout, options.rules, socket_);
        else
            change(HoldGoal::Up, "");
        signals_.emplace(ending_signals);  // after those whose commands get them as before
    }

    ExitCode run() {
        while (!over()) turn();
        check_.reset();
        while (hook_ && hook_->running() && !ended_at_once_) turn();
        output_.write_some();
        const bool withdrawn = state_.finished() && !state_.leaves_routes();
        if (!withdrawn) tell_left();
        return state_.finished() ? state_.exit_code() : ExitCode::OutcomeUnknown;
    }

  private:
    [[nodiscard]] bool over() const { return state_.finished() || ended_at_once_; }

    void turn() {
        PollSet set;
        link_.add_to(set);
        set.add(check_ ? check_->fd() : -1);
        set.add(hook_ ? hook_->fd() : -1);
        set.add(signals_->fd());
        set.add(output_.empty() ? -1 : STDOUT_FILENO, POLLOUT);
        (void)set.wait(due());
        attend_signals();
        if (check_ && check_->go_on()) on_standing();
        if (hook_) hook_->go_on();
        link_.go_on(set);
        tell();
        output_.write_some();
    }

    [[nodiscard]] std::optional<Clock::time_point> due() const {
        auto due = link_.due();
        if (check_) due = earlier(due, check_->due());
        if (hook_) due = earlier(due, hook_->due());
        return due;
    }

    // The first signal withdraws; a second one leaves that to exapulsed.
    void attend_signals() {
        while (const auto number = signals_->next()) {
            if (state_.goal() == HoldGoal::Ended) {
                ended_at_once_ = true;
                if (hook_) hook_->kill();
                continue;
            }
            change(HoldGoal::Ended, fmt::format("ended by {}", strsignal(*number)));
        }
    }

    void on_standing() {
        if (state_.goal() == HoldGoal::Ended) return;
        const bool up = check_->health().standing() == HealthCheck::Standing::Up;
        change(up ? HoldGoal::Up : HoldGoal::Down, check_->health().reason());
    }

    void change(HoldGoal goal, const std::string& reason) {
        const bool was_down = reason_of_ != HoldGoal::Up;
        reason_ = reason;
        reason_of_ = goal;
        state_.set_goal(goal);
        if (!hook_ || (goal == HoldGoal::Ended && was_down)) return;
        hook_->add({hold_environment(goal, reason, socket_), ""});
    }

    void tell() {
        for (const HoldNotice& notice : state_.take_notices()) {
            if (notice.kind == HoldNotice::Kind::Trouble)
                complain(notice.text);
            else
                tell_reached(notice);
        }
    }

    // Who reads no output misses some of it, and keeps nobody from renewing.
    void tell_reached(const HoldNotice& notice) {
        if (quiet_ || output_.full()) return;
        const std::string reason = notice.goal == reason_of_ ? reason_ : "";
        if (const std::string text = hold_text(notice, reason); text.empty()) return;
        output_.add(options_.json ? hold_json(notice, reason, std::chrono::system_clock::now())
                                  : hold_text(notice, reason));
    }

    void tell_left() const {
        complain(fmt::format(
            "exapulsed withdraws what is still announced, {} after this end, or "
            "once the lease of {} is over",
            format_duration(*options_.settings.grace), format_duration(*options_.settings.ttl)));
    }

    const HoldOptions& options_;
    const std::string& socket_;
    bool quiet_;
    HoldState state_;
    HoldLink link_;
    OutputLines output_;
    std::optional<HoldHook> hook_;
    std::optional<CheckRunner> check_;
    std::optional<SignalFile> signals_;
    std::string reason_;                        // why the goal is what it is
    HoldGoal reason_of_ = HoldGoal::Undecided;  // that goal
    bool ended_at_once_ = false;                // by a second signal
};

/// A problem is returned in one line.
std::optional<std::string> add_file(const std::string& name, std::vector<std::string>& lines) {
    const SmallFile file = read_small_file(name, largest_routes_file, SymbolicLinks::Follow);
    if (!file.exists || !file.problem.empty())
        return fmt::format("cannot read the routes {}: {}", name,
                           file.exists ? file.problem : std::strerror(ENOENT));
    HeldLines held = held_lines(file.text);
    if (!held.problem.empty()) return fmt::format("{}, {}", name, held.problem);
    if (held.lines.empty()) return fmt::format("there is no route in {}", name);
    if (held.lines.size() > most_lines)
        return fmt::format("{} has {}; hold takes {} at most", name,
                           counted(held.lines.size(), "line"), most_lines);
    lines.insert(lines.end(), held.lines.begin(), held.lines.end());
    return std::nullopt;
}

ExitCode execute_hold(const Arguments& arguments, const HoldOptions& options) {
    HoldPlan plan{.settings = commands_of(options.settings),
                  .ttl = *options.settings.ttl,
                  .up = {},
                  .down = options.down,
                  .uid = geteuid(),
                  .owner = options.settings.owner};
    if (options.command) plan.up.push_back(*options.command);
    if (options.routes)
        if (const auto problem = add_file(*options.routes, plan.up)) {
            complain(*problem);
            return ExitCode::Usage;
        }
    return Hold(arguments, options, std::move(plan)).run();
}

}  // namespace

Action hold_command(const SubcommandWords& words) {
    return {read_hold_options(words), execute_hold};
}

}  // namespace exapulse::client
