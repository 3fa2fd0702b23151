// SPDX-License-Identifier: BSD-3-Clause
// `exapulse wait`: subscribes, and subscribes again, until what is waited for holds or time is up.
#include "client/events/wait_command.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/events/wait_progress.hpp"
#include "client/exchange/connect_problem.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/subscription.hpp"
#include "client/io/poll_set.hpp"
#include "client/view/terminal.hpp"
#include "common/ip_address.hpp"
#include "common/lower_case.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{200};
constexpr milliseconds longest_pause{2'000};
// After this long without news, what is missing so far is shown.
constexpr milliseconds longest_silence{1'000};

using WaitKind = WaitCondition::Kind;

class Wait {
  public:
    Wait(const Arguments& arguments, const WaitOptions& options)
        : arguments_(arguments), progress_(options) {
        if (arguments.timeout) deadline_ = Clock::now() + *arguments.timeout;
    }

    ExitCode run() {
        while (!progress_.holds()) {
            if (time_is_up()) return too_late();
            if (silent_from_ && Clock::now() >= *silent_from_) {
                complain(silent_socket(arguments_.socket, default_timeout));
                return ExitCode::TimedOut;
            }
            if (!events_ && !attach()) continue;
            tell_person();
            if (!listen()) {
                complain(events_->refusal().text);
                return events_->refusal().code;
            }
        }
        if (!arguments_.quiet) print_line(progress_.fulfilled());
        flush_output();
        return ExitCode::Done;
    }

  private:
    [[nodiscard]] bool time_is_up() const { return deadline_ && Clock::now() >= *deadline_; }

    [[nodiscard]] milliseconds time_left() const {
        if (!deadline_) return default_timeout;
        const auto left = std::chrono::ceil<milliseconds>(*deadline_ - Clock::now());
        return std::clamp(left, milliseconds(1), default_timeout);
    }

    /// Waits for an exapulsed that was reachable before; for another one only with --timeout.
    bool attach() {
        try {
            events_ =
                std::make_unique<Subscription>(arguments_.socket, time_left(), progress_.request());
        } catch (const Unreachable& error) {
            if (!attached_ && !deadline_) throw;
            unreachable_ = error.what();
            pause();
            return false;
        }
        attached_ = true;
        tell_by_ = Clock::now() + longest_silence;
        silent_from_ = Clock::now() + default_timeout;
        return true;
    }

    void pause() {
        (void)PollSet().wait(Clock::now() + std::min(pause_, time_left()));
        pause_ = std::min(2 * pause_, longest_pause);
    }

    [[nodiscard]] bool for_person() const {
        return !arguments_.quiet && isatty(STDERR_FILENO) == 1;
    }

    /// Once per attachment, so that a person sees what is waited for.
    void tell_person() {
        if (!tell_by_ || (!progress_.informed() && Clock::now() < *tell_by_)) return;
        tell_by_.reset();
        if (for_person()) remark(fmt::format("waiting for {}", progress_.missing()));
    }

    void on_lost() {
        unreachable_ = "exapulsed closed the connection and has not returned";
        detached("exapulsed closed the connection");
    }

    /// Waits as attach() does for an exapulsed that is not reachable. False: it has refused for
    /// good.
    bool on_refused() {
        const Verdict refusal = events_->refusal();
        if (refusal.error != ErrorCode::Busy || (!served_ && !deadline_)) return false;
        unreachable_ = refusal.text;
        detached(refusal.text);
        return true;
    }

    void detached(const std::string& why) {
        if (for_person() && !std::exchange(loss_told_, true)) remark(why + "; waiting for it too");
        events_.reset();
        tell_by_.reset();
        silent_from_.reset();
        progress_.on_lost();
        pause();
    }

    /// False when exapulsed refuses its events for good.
    bool listen() {
        const auto wake = earlier(earlier(deadline_, tell_by_), silent_from_);
        PollSet set;
        set.add(events_->fd());
        if (!set.wait(wake)) return true;
        silent_from_.reset();
        const auto state = events_->read([this](const nlohmann::json& event, std::string_view) {
            served_ = true;
            loss_told_ = false;
            pause_ = first_pause;
            progress_.on_event(event);
            return !progress_.holds();
        });
        if (state == Subscription::State::Closed) on_lost();
        return state != Subscription::State::Refused || on_refused();
    }

    ExitCode too_late() const {
        const std::string time = format_duration(*arguments_.timeout);
        if (!events_)
            complain(fmt::format("not within {} (--timeout): {}", time, unreachable_));
        else
            complain(fmt::format("not within {} (--timeout): {}", time, progress_.missing()));
        return ExitCode::TimedOut;
    }

    const Arguments& arguments_;
    WaitProgress progress_;
    std::optional<Clock::time_point> deadline_;
    std::unique_ptr<Subscription> events_;  // null while detached
    std::string unreachable_;
    milliseconds pause_ = first_pause;
    bool attached_ = false;  // once
    bool served_ = false;    // an event has come, once
    bool loss_told_ = false;
    std::optional<Clock::time_point> tell_by_;
    std::optional<Clock::time_point> silent_from_;  // the snapshot must have come by then
};

std::string address_of(std::string_view what, const std::string& text) {
    if (is_address_range(text))
        refuse(
            "{}: {} is a range, whose peers come and go with addresses of their own; give the "
            "address of one of them (exapulse peers shows those that are connected)",
            what, text);
    if (!is_address(text)) refuse("{}: {} is not an IP address", what, text);
    return text;
}

/// As exapulsed spells it; any case is accepted here.
std::string state_of(const std::string& text) {
    std::string state = lower_case(text);
    if (std::find(peer_state_names.begin(), peer_state_names.end(), state) ==
        peer_state_names.end())
        refuse("wait peer: there is no state {}{} (exapulse wait --help)", text,
               choices(state, peer_state_names));
    return state;
}

WaitOptions wait_options_in(const SubcommandWords& given) {
    constexpr std::array<std::string_view, 5> names{"up", "down", "restart", "peer", "no-peer"};
    WaitOptions options;
    SubcommandLine line(given);
    line.bind("--any", options.any);
    const Words words = line.read(SubcommandLine::any_number);
    std::span<const std::string> rest = words;
    const auto next = [&](std::string_view kind, std::string_view what) {
        if (rest.empty()) refuse("wait {} needs {} (exapulse wait --help)", kind, what);
        std::string word = rest.front();
        rest = rest.subspan(1);
        return word;
    };
    while (!rest.empty()) {
        const std::string name = next("", "");
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
            refuse("wait: there is no condition {}{} (exapulse wait --help)", name,
                   choices(name, names));
        WaitCondition condition;
        condition.kind = static_cast<WaitKind>(found - names.begin());
        if (condition.kind == WaitKind::Peer || condition.kind == WaitKind::NoPeer)
            condition.address = address_of("wait " + name, next(name, "an address"));
        if (condition.kind == WaitKind::Peer)
            condition.state =
                state_of(next("peer " + condition.address, "a state, such as established"));
        options.conditions.push_back(std::move(condition));
    }
    if (options.conditions.empty())
        refuse("wait needs a condition, such as up (exapulse wait --help)");
    return options;
}

ExitCode execute_wait(const Arguments& arguments, const WaitOptions& options) {
    return Wait(arguments, options).run();
}

}  // namespace

Action wait_command(const SubcommandWords& words) {
    return {wait_options_in(words), execute_wait};
}

}  // namespace exapulse::client
