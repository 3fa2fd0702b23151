// SPDX-License-Identifier: BSD-3-Clause
#include "client/view/time_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

std::string local_time(WallTime time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%m-%d %H:%M:%S", &local);
    return {text.data(), size};
}

std::string age_text(WallTime time, WallTime now) {
    using std::chrono::milliseconds;
    const auto age = std::chrono::duration_cast<milliseconds>(now - time);
    return describe_duration(std::max(age, milliseconds(0)));
}

std::string since_text(std::optional<WallTime> time, WallTime now) {
    if (!time) return "-";
    return fmt::format("{} ({})", local_time(*time), age_text(*time, now));
}

}  // namespace exapulse::client
