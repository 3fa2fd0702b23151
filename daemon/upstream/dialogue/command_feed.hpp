// SPDX-License-Identifier: BSD-3-Clause
// CommandFeed: takes commands from the queue, checks them against the ExaBGP that is connected, and
// has them written. Pure.
#pragma once

#include "daemon/upstream/dialogue/answer_protocol.hpp"

namespace exapulse {

/// A command that names peers may need to know first which there are: it goes back into the queue,
/// and a question about them is written instead.
class CommandFeed {
  public:
    explicit CommandFeed(const DialogueParts& parts) : parts_(parts) {}

    /// Lets commands that waited for such a question have their turn again, once it is answered.
    void release_held() const;
    /// Writes the next command, or refuses it. Only while in step, and `answers` has room. False:
    /// nothing may be written now.
    [[nodiscard]] bool write_next(AnswerProtocol& answers, TimePoint now) const;

  private:
    [[nodiscard]] bool asks_for_names() const;

    DialogueParts parts_;
};

}  // namespace exapulse
