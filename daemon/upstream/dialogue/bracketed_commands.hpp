// SPDX-License-Identifier: BSD-3-Clause
// BracketedCommands: commands on ExaBGP's pipes while another program writes there, too. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/upstream/dialogue/answer_protocol.hpp"

namespace exapulse {

/// Writes commands as BracketedAnswer says. One that can't be bracketed waits for a *sweep*, the
/// closing part alone, whose answer shows that all that was written before has been answered.
class BracketedCommands {
  public:
    explicit BracketedCommands(const DialogueParts& parts) : parts_(parts) {}

    /// Nothing is in flight. True: `command` was written in brackets, or put back until a sweep has
    /// been answered. False: the caller is to write it as it is.
    [[nodiscard]] bool write(Command& command, TimePoint now);
    /// One is in flight, or a sweep: then nothing else is.
    [[nodiscard]] bool in_flight() const;

    // While one is in flight.
    [[nodiscard]] Step on_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    [[nodiscard]] Step on_tick(TimePoint now);
    [[nodiscard]] TimePoint next_tick() const;

  private:
    void write(InFlight::Kind kind, Command command, BracketedAnswer bracket, TimePoint now);
    [[nodiscard]] Step on_complete(TimePoint now);
    void end_command(bool alone, TimePoint now);

    DialogueParts parts_;
    Wire& wire_ = parts_.wire;
    InFlight& in_flight_ = parts_.wire.in_flight();
    int sweeps_ = 0;   // for the command that waits
    int repeats_ = 0;  // of the last command
};

}  // namespace exapulse
