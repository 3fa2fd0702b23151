// SPDX-License-Identifier: BSD-3-Clause
// ServiceNotify: notifications to systemd, and what it passes in. Without systemd, does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace exapulse::service {

/// The socket of exapulsed.socket, if systemd passed one.
[[nodiscard]] std::optional<int> activation_socket();

/// READY=1: the socket is served. It says nothing about ExaBGP.
void ready();
void reloading();
void stopping();
/// STATUS=, the line that `systemctl status` shows.
void status(const std::string& line);
void watchdog();

/// The maximum interval between calls of watchdog(); nullopt if none are expected.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace exapulse::service
