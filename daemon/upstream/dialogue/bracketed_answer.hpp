// SPDX-License-Identifier: BSD-3-Clause
// BracketedAnswer: distinguishes a command's answer on ExaBGP's pipes from other programs'. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/request.hpp"
#include "daemon/exabgp/upstream_reply.hpp"

namespace exapulse {

/// 4.2 and 5.0 answer everyone who writes into NAME.in on the one NAME.out, without saying whom.
/// But what is written in one go, up to longest_text, stays together, and commands that take their
/// turn are answered in that order. So a command is written between lines that change nothing and
/// whose answers are known,
///
///     witness, command, witness, spacer, witness
///
/// and its answer is what comes between the first witness's and the rest, which no other program
/// writes like that. What ExaBGP answers at once may come anywhere: one terminator too many leaves
/// two to choose from.
class BracketedAnswer {
  public:
    /// PIPE_BUF of Linux: more is not written in one go.
    static constexpr std::size_t longest_text = 4'096;

    /// For `command`, one that takes_turn(); null: for nothing but to learn when all that was
    /// written before has been answered. An answer beyond `most` bytes is not kept, and Unclear.
    BracketedAnswer(const DialectRules& rules, std::shared_ptr<const Request> command,
                    std::size_t most);

    /// What to write, without the last LF.
    [[nodiscard]] std::string text() const;
    /// The closing part of it alone, to be written when the first one seems to be lost.
    [[nodiscard]] std::string closing() const;

    enum class Progress {
        None,     ///< another's answer, perhaps
        Step,     ///< it may be part of this one
        Complete  ///< all has come
    };
    Progress add(std::string_view line, const UpstreamReply& reply);

    enum class Outcome {
        Done,
        Error,
        None,    ///< it got no answer and will get none
        Unclear  ///< which answer is the command's is not certain
    };
    /// Once it is complete. `alone`: no other program has written since all earlier answers came.
    [[nodiscard]] Outcome outcome(bool alone) const;
    /// The answer without its terminator, where the outcome is Done or Error.
    [[nodiscard]] std::vector<std::string> lines() const;

  private:
    /// From the first line of a witness's answer to the next.
    struct Section {
        std::size_t dones = 0, errors = 0;
        bool early = false;  // lines came before the first terminator
        std::vector<std::string> lines;
        std::size_t bytes = 0;
        bool too_long = false;
        [[nodiscard]] bool is(std::size_t exactly) const {
            return dones == exactly && errors == 0 && lines.empty();
        }
    };
    void begin_section();
    [[nodiscard]] bool has_ended() const;
    [[nodiscard]] const Section& own() const { return sections_[sections_.size() - 3]; }

    const DialectRules* rules_;
    std::shared_ptr<const Request> command_;
    bool reads_;    // its answer may have lines
    bool summary_;  // its answer begins as the witness's
    std::size_t most_;
    std::deque<Section> sections_;                    // the newest ones
    std::size_t other_dones_ = 0, other_errors_ = 0;  // before those
};

}  // namespace exapulse
