// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_room.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse {

namespace {

/// Refusals beyond limits.client_pending that may wait for earlier answers before exapulsed stops
/// reading from the client. It reads again as soon as answers have been sent.
constexpr std::size_t refusals_kept = 1'024;

/// What each client may use, whatever its user's other clients use.
constexpr std::size_t spare_line = 4'096;
constexpr std::size_t spare_answers = 64;
constexpr std::size_t spare_backlog = 65'536;

/// A client is full() when its user may use less memory than this: more of ExaBGP's answer may
/// arrive before reading stops.
constexpr std::size_t least_room = 131'072;

}  // namespace

bool SessionRoom::short_of_memory() const {
    if (account().room() > 0) return false;
    // An admin must always be able to find out who uses the memory.
    return !account().admin() || memory_.bytes() > spare_backlog;
}

bool SessionRoom::has_room_for_line(std::size_t bytes) const {
    return bytes <= spare_line || bytes <= account().room();
}

std::size_t SessionRoom::longest_line(std::size_t kept) const {
    return std::min<std::uint64_t>(limits().line_length,
                                   std::max<std::uint64_t>(spare_line, kept + account().room()));
}

bool SessionRoom::may_expect(std::size_t bytes, std::string& why) const {
    if (answers_.size() >= static_cast<std::size_t>(limits().client_pending)) {
        why = fmt::format(
            "{} of your commands are waiting, limits.client_pending ({}); nothing reached ExaBGP, "
            "read answers before you send more",
            answers_.size(), limits().client_pending);
        return false;
    }
    // A single line is always allowed: a small limit must not exclude long lines for ever.
    if (!answers_.empty() && answers_.bytes() + bytes > limits().client_backlog) {
        why = fmt::format(
            "your waiting commands and answers use {} bytes, limits.client_backlog ({}); nothing "
            "reached ExaBGP, read answers before you send more",
            answers_.bytes(), format_size(limits().client_backlog));
        return false;
    }
    if (!has_room_for_line(bytes)) {
        why = account().shortage();
        return false;
    }
    return true;
}

bool SessionRoom::has_room_for_events(std::size_t bytes) const {
    return backlog() + bytes < limits().client_backlog &&
           (backlog() <= spare_backlog || !short_of_memory());
}

std::string SessionRoom::shortage_for_events(std::size_t bytes) const {
    return backlog() + bytes >= limits().client_backlog
               ? fmt::format("its backlog is at limits.client_backlog ({})",
                             format_size(limits().client_backlog))
               : account().shortage();
}

bool SessionRoom::must_read() const {
    return answers_.size() >= static_cast<std::size_t>(limits().client_pending) + refusals_kept ||
           answers_.bytes() >= limits().client_backlog || unread_ >= limits().client_backlog / 2 ||
           (answers_.size() >= spare_answers && short_of_memory());
}

bool SessionRoom::full() const {
    return unread_ >= limits().client_backlog ||
           (unread_ > spare_backlog && account().room() < least_room);
}

}  // namespace exapulse
