// SPDX-License-Identifier: BSD-3-Clause
// Verdicts: how commands end, ExaBGP's own or exapulsed's, with what to do next. Pure.
#pragma once

#include <string_view>

#include "common/protocol.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/upstream/dialogue/wire.hpp"

namespace exapulse {

/// Each command gets exactly one, and is not in flight any more when it does, or judged.
class Verdicts {
  public:
    /// `listener` and `wire` must outlive it.
    Verdicts(DialogueListener& listener, Wire& wire) : listener_(listener), wire_(wire) {}

    /// ExaBGP's own.
    void give(const Command& command, bool done) const;
    /// exapulsed's own; `why` says what to do next.
    void lose(const Command& command, ErrorCode code, std::string_view why) const;
    /// No answer, or no more of it, will be known. An answer that has come is good enough, where it
    /// can't be another's. Where the outcome is unknown, advice is added to `why`.
    void lose(const InFlight::Entry& entry, ErrorCode code, std::string_view why) const;
    /// The same for all commands in flight, which leave.
    void lose_all(ErrorCode code, std::string_view why) const;
    /// Gives the client of `entry`, which does not read, a verdict now. The command stays in
    /// flight: the rest of its answer is awaited, and goes to nobody.
    void drop_rest(InFlight::Entry& entry, std::string_view why) const;
    [[nodiscard]] static bool is_dropped(const Command& command);
    /// Another program wrote meanwhile, so the answer may be its.
    void lose_contended(const Command& command) const;
    /// ExaBGP is done with the command, and no end of its answer came.
    void fail(const InFlight::Entry& entry) const;
    /// Whether a terminator that comes for the command may be another program's. Asked of those
    /// whose answers have no order.
    [[nodiscard]] bool is_contended(const InFlight::Entry& entry) const;

  private:
    [[nodiscard]] std::string_view advice_for(const Command& command) const;

    DialogueListener& listener_;
    Wire& wire_;
};

}  // namespace exapulse
