// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/service_notify.hpp"

#ifdef EXAPULSE_SYSTEMD
#include <time.h>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include "common/printable.hpp"
#endif

namespace exapulse::service {

#ifdef EXAPULSE_SYSTEMD

std::optional<int> activation_socket() {
    if (sd_listen_fds(1) < 1) return std::nullopt;
    return SD_LISTEN_FDS_START;
}

void ready() {
    sd_notify(0, "READY=1");
}

void reloading() {
    // With a monotonic time stamp systemd knows which READY=1 answers it (sd_notify(3)).
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                             now.tv_sec * 1'000'000 + now.tv_nsec / 1'000)
                     .c_str());
}

void stopping() {
    sd_notify(0, "STOPPING=1");
}

void status(const std::string& line) {
    // A line break would begin another variable of sd_notify(3).
    constexpr std::size_t longest = 1'024;
    sd_notify(0, fmt::format("STATUS={}", printable_start(line, longest)).c_str());
}

void watchdog() {
    sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds(microseconds);
}

#else

std::optional<int> activation_socket() {
    return std::nullopt;
}
void ready() {}
void reloading() {}
void stopping() {}
void status(const std::string&) {}
void watchdog() {}
std::optional<std::chrono::microseconds> watchdog_interval() {
    return std::nullopt;
}

#endif

}  // namespace exapulse::service
