// SPDX-License-Identifier: BSD-3-Clause
// OtherUsers: finds other programs at ExaBGP's pipes: those that take its commands or answers, and
// those that write commands.
#pragma once

#include <string>
#include <vector>

#include "common/time.hpp"
#include "daemon/system/process_table.hpp"

namespace exapulse {

class FifoLink;

/// Logs each program once. A process that has a pipe open both ways only keeps it alive, as
/// systemd's ListenFIFO does, and is named only where nothing else explains a silence. While /proc
/// cannot be read, for lack of descriptors, what was found before remains.
class OtherUsers {
  public:
    enum class Trouble {
        None,
        Silence,     ///< nothing is answered: does ExaBGP run?
        LongSilence  ///< longer than a busy or starting ExaBGP takes
    };

    /// Checks who uses the pipes, NAME.in and NAME.out. Returns why ExaBGP does not answer, in
    /// words; empty when nothing is seen that explains it.
    std::string look(const FifoLink& pipes, const std::string& name, Trouble trouble);

    /// Why nobody reads the command pipe of NAME although ExaBGP runs, in words; empty when none
    /// is seen to run. Checks again only after a while, however often it is called.
    std::string why_unread(const std::string& name, TimePoint now);

    /// Who else writes into the command pipe, in words: whoever was last seen, as a program that
    /// opens it for each line is rarely caught. Empty: nobody was. Checks again only after a while,
    /// however often it is called.
    const std::string& writer(const FifoLink& pipes, TimePoint now);

    /// Whether programs may take commands or answers: the last look() found some, or could not see.
    [[nodiscard]] bool may_be_any() const { return unseen_ || !named_.empty() || takes_commands_; }

  private:
    // These throw ProcUnreadable if /proc cannot be read, as process_table.hpp says.
    std::string find_reason(const FifoLink& pipes, const std::string& name, Trouble trouble);
    [[nodiscard]] static std::string find_deaf(const std::string& pipe);
    void log_answer_readers(const FifoLink& pipes, const std::string& name);

    std::vector<ProcessStart> named_;  // as readers of answers
    std::string silence_, unread_;     // what was last logged
    bool takes_commands_ = false;
    bool unseen_ = false;             // by the last look()
    TimePoint unread_since_, asked_;  // by why_unread()
    TimePoint looked_;                // by why_unread()
    std::string writer_;
    TimePoint writer_looked_;
};

}  // namespace exapulse
