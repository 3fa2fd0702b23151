// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/repeating_runner.hpp"

#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

RepeatingRunner::RepeatingRunner(std::string command, std::string socket,
                                 std::chrono::milliseconds timeout, DueEvents::Keep keep)
    : socket_(std::move(socket)), process_(std::move(command), timeout), keep_(keep), due_(keep) {}

void RepeatingRunner::add(const nlohmann::json& event, const std::string& line,
                          const Cursor& after) {
    if (keep_ == DueEvents::Keep::Newest) told_.clear();
    due_.add({after, exec_input(event, line, socket_)});
    start_due();
}

void RepeatingRunner::set_up(bool up) {
    due_.set_up(up);
    start_due();
}

std::optional<ExecProcess::Clock::time_point> RepeatingRunner::deadline() const {
    return running() ? process_.deadline() : due_.deadline();
}

void RepeatingRunner::advance() {
    if (const auto ended = process_.advance()) on_ended(*ended);
    start_due();
}

void RepeatingRunner::start_due() {
    if (running()) return;
    const auto due = due_.take_due(DueEvents::Clock::now());
    if (!due) return;
    running_for_ = due->after;
    if (const int error = process_.start(due->input); error != 0)
        on_failure(fmt::format("cannot be started: {}", std::strerror(error)));
}

void RepeatingRunner::on_ended(const ExecProcess::Ended& ended) {
    if (!ended.ok) return on_failure(ended.how);
    if (!told_.empty())
        remark(keep_ == DueEvents::Keep::Newest
                   ? fmt::format("the command of --exec has succeeded for ExaBGP {}",
                                 running_for_.uuid)
                   : "the command of --exec has succeeded; continuing with the next event");
    told_.clear();
    due_.on_success();
    ++count_;
    handled_ = running_for_;
}

// Once for each reason, however often it is tried.
void RepeatingRunner::on_failure(const std::string& how) {
    due_.on_failure(DueEvents::Clock::now());
    if (how == told_) return;
    told_ = how;
    complain(
        fmt::format("the command of --exec {}; it is repeated, at most every {}, until it "
                    "succeeds",
                    how, format_duration(DueEvents::longest_pause)));
}

void RepeatingRunner::drop_waiting() {
    if (due_.waiting() == 0) return;
    dropped_ = true;
    complain(keep_ == DueEvents::Keep::Newest
                 ? "the command of --exec has not succeeded for the ExaBGP of now; the next start "
                   "of this watch runs it"
                 : fmt::format("the command of --exec has not succeeded for {}; the next start of "
                               "this watch goes on with them",
                               counted(due_.waiting(), "event")));
    due_.drop();
}

}  // namespace exapulse::client
