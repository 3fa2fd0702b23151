// SPDX-License-Identifier: BSD-3-Clause
// ServiceNotify: what systemd is told, and what it hands over. Nothing without systemd.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace exapulse::service {

/// The socket that exapulsed.socket listens on, if systemd started us with one.
[[nodiscard]] std::optional<int> activation_socket();

/// READY=1: the socket is served. It says nothing about ExaBGP.
void ready();
void reloading();
void stopping();
/// STATUS=, the line that `systemctl status` shows.
void status(const std::string& line);
void watchdog();

/// How often watchdog() is expected at least; nullopt when it isn't.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace exapulse::service
