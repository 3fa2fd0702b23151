// SPDX-License-Identifier: BSD-3-Clause
// SessionRoom: how much more one client may send, and be sent, within the limits. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/clients/session_answers.hpp"
#include "daemon/clients/user_account.hpp"

namespace exapulse {

/// The limits are those of the client and of its user. Whatever the user's other clients use, each
/// client has room for the beginning of a line, a few refusals and the rest of an answer. Made for
/// one question, from references.
class SessionRoom {
  public:
    /// `memory` is what the client uses; `unread` are the bytes sent to it and not taken by the
    /// kernel yet.
    SessionRoom(const Charge& memory, const SessionAnswers& answers, std::uint64_t unread)
        : memory_(memory), answers_(answers), unread_(unread) {}

    /// Whether the user may use no more memory.
    [[nodiscard]] bool short_of_memory() const;
    /// Whether the user may use the memory for one more line of this size.
    [[nodiscard]] bool has_room_for_line(std::size_t bytes) const;
    /// The longest line that may be kept, of which `kept` bytes are kept already.
    [[nodiscard]] std::size_t longest_line(std::size_t kept) const;
    /// Whether one more command is within the limits; otherwise `why` names the limit.
    [[nodiscard]] bool may_expect(std::size_t bytes, std::string& why) const;
    /// Whether the backlog has room for this many more bytes of events.
    [[nodiscard]] bool has_room_for_events(std::size_t bytes) const;
    /// Where it has none: names the limit.
    [[nodiscard]] std::string shortage_for_events(std::size_t bytes) const;
    /// Whether the client must read answers before more of its lines are handled.
    [[nodiscard]] bool must_read() const;
    /// Whether it has as many unread answers as allowed.
    [[nodiscard]] bool full() const;

  private:
    [[nodiscard]] std::uint64_t backlog() const { return answers_.bytes() + unread_; }
    [[nodiscard]] const UserAccount& account() const { return *memory_.account(); }
    [[nodiscard]] const UserAccount::Limits& limits() const { return account().limits(); }

    const Charge& memory_;
    const SessionAnswers& answers_;
    std::uint64_t unread_;
};

}  // namespace exapulse
