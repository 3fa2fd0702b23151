// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/check_runner.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "client/io/poll_set.hpp"
#include "common/units.hpp"

namespace exapulse::client {

using std::chrono::milliseconds;

CheckRunner::CheckRunner(std::string command, milliseconds timeout, const CheckRules& rules,
                         const std::string& socket)
    : timeout_(timeout),
      input_{{"EXAPULSE_SOCKET=" + socket}, ""},
      process_(std::move(command), {.timeout = timeout,
                                    .grace = milliseconds(0),
                                    .option = "--check-timeout",
                                    .output = false}),
      health_(rules, Clock::now()) {}

CheckRunner::~CheckRunner() {
    process_.end();
}

std::optional<CheckRunner::Clock::time_point> CheckRunner::due() const {
    return earlier(process_.deadline(), next_start());
}

std::optional<CheckRunner::Clock::time_point> CheckRunner::next_start() const {
    const auto due = health_.due();
    return due && process_.running() ? std::max(*due, dead_at_) : due;
}

bool CheckRunner::go_on() {
    const bool judged = judge_running();
    const auto due = next_start();
    return (due && Clock::now() >= *due && start()) || judged;
}

bool CheckRunner::judge_running() {
    const auto ended = process_.advance();
    if (health_.due()) return false;  // it was judged when its time was over
    if (ended) return health_.ended(ended->ok, "it " + ended->how);
    if (!process_.overdue()) return false;
    dead_at_ = Clock::now() + dying_time;
    return health_.ended(false, fmt::format("it has not ended within {} (--check-timeout)",
                                            format_duration(timeout_)));
}

bool CheckRunner::start() {
    health_.started(Clock::now());
    if (process_.running()) return health_.ended(false, "the one before can't be killed");
    const int error = process_.start(input_);
    return error != 0 &&
           health_.ended(false, fmt::format("it can't be started: {}", std::strerror(error)));
}

}  // namespace exapulse::client
