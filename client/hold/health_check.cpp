// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/health_check.hpp"

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

void HealthCheck::started(Clock::time_point now) {
    running_ = true;
    due_ = now + (standing_ == Standing::Undecided ? std::min(rules_.interval, first_interval)
                                                   : rules_.interval);
}

bool HealthCheck::ended(bool succeeded, const std::string& how) {
    running_ = false;
    in_a_row_ = in_a_row_ > 0 && succeeding_ == succeeded ? in_a_row_ + 1 : 1;
    succeeding_ = succeeded;
    const Standing other = succeeded ? Standing::Up : Standing::Down;
    if (standing_ == other || in_a_row_ < (succeeded ? rules_.rise : rules_.fall)) return false;
    standing_ = other;
    const std::string times = counted(in_a_row_, "time");
    reason_ = succeeded ? fmt::format("the check succeeded {}", times)
                        : fmt::format("the check failed {}: {}", times, how);
    return true;
}

}  // namespace exapulse::client
