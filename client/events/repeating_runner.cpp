// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/repeating_runner.hpp"

#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/io/poll_set.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

RepeatingRunner::RepeatingRunner(std::string command, std::string socket,
                               std::chrono::milliseconds timeout, CursorFile cursor)
    : socket_(std::move(socket)),
      process_(std::move(command), timeout),
      cursor_(std::move(cursor)) {}

void RepeatingRunner::add(const nlohmann::json& event, const std::string& line) {
    const auto uuid = text_field(event, "uuid");
    if (!uuid) return;
    told_.clear();
    follower_.add({*uuid, exec_input(event, line, socket_)});
    start_due();
}

void RepeatingRunner::set_up(bool up) {
    follower_.set_up(up);
    start_due();
}

std::optional<ExecProcess::Clock::time_point> RepeatingRunner::deadline() const {
    const auto next = running() ? process_.deadline() : follower_.deadline();
    return earlier(next, save_at_);
}

void RepeatingRunner::advance() {
    if (const auto ended = process_.advance()) on_ended(*ended);
    if (save_at_ && Clock::now() >= *save_at_) save();
    start_due();
}

void RepeatingRunner::start_due() {
    if (running()) return;
    const auto due = follower_.take_due(Clock::now());
    if (!due) return;
    running_for_ = due->uuid;
    if (const int error = process_.start(due->input); error != 0)
        on_failure(fmt::format("cannot be started: {}", std::strerror(error)));
}

void RepeatingRunner::on_ended(const ExecProcess::Ended& ended) {
    if (!ended.ok) return on_failure(ended.how);
    if (!told_.empty())
        remark(fmt::format("the command of --exec has succeeded for ExaBGP {}", running_for_));
    told_.clear();
    follower_.on_success();
    ++handled_;
    unsaved_ = running_for_;
    save();
}

// Once for each reason, however often it is tried.
void RepeatingRunner::on_failure(const std::string& how) {
    follower_.on_failure(Clock::now());
    if (how == told_) return;
    told_ = how;
    complain(
        fmt::format("the command of --exec {}; it is repeated, at most every {}, until it "
                    "succeeds",
                    how, format_duration(DueEvents::longest_pause)));
}

void RepeatingRunner::save() {
    save_at_.reset();
    const int error = cursor_.save(unsaved_);
    if (error == 0) {
        save_problem_told_ = false;
        return;
    }
    save_at_ = Clock::now() + save_pause;
    if (std::exchange(save_problem_told_, true)) return;
    complain(
        fmt::format("--cursor: cannot write {}: {}; until that succeeds, the next start "
                    "of this watch runs the command again",
                    cursor_.path(), std::strerror(error)));
}

void RepeatingRunner::drop_waiting() {
    if (follower_.waiting())
        complain(
            "the command of --exec has not succeeded for the ExaBGP of now; the next start of "
            "this watch runs it");
    follower_.drop();
}

}  // namespace exapulse::client
