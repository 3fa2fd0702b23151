// SPDX-License-Identifier: BSD-3-Clause
// RunReport: counts verdicts and words them for stderr. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/command_exchange.hpp"

namespace exapulse::client {

/// What a run has come to so far.
class RunReport {
  public:
    /// The messages about this verdict, one per line; none when the command is done. Of lines that
    /// fail one after another for the same reason only the first is reported at once.
    [[nodiscard]] std::vector<std::string> add(const Command& command, const Verdict& verdict);
    /// What is still to be reported when no other verdict comes.
    [[nodiscard]] std::optional<std::string> folded();

    /// `line` and all after it were not sent, because of `why`. Returns the message.
    [[nodiscard]] std::string add_unsent_from(std::size_t line, std::string_view why);
    /// The same where a failure was to end the batch: that one counts, not what it kept back.
    [[nodiscard]] static std::string stopped_before(std::size_t line);
    /// The same where ExaBGP took none of the commands before.
    [[nodiscard]] static std::string unreachable_before(std::size_t line);

    /// How to go on with a batch that ended early, `next` being its first line that was not sent.
    [[nodiscard]] std::string resume(std::size_t next) const;
    /// Whether a line failed that may succeed when it is repeated as it is.
    [[nodiscard]] bool has_open() const { return first_open_ > 0; }

    /// ExaBGP is not the one that executed the first line, and does not know what was announced
    /// before it started. Returns the message.
    [[nodiscard]] std::string add_restart();

    /// "3 of 120 lines failed: 5, 17-18"; nullopt when none did.
    [[nodiscard]] std::optional<std::string> summary() const;
    /// "120 commands in 2s, all done".
    [[nodiscard]] std::string success(std::chrono::milliseconds elapsed) const;

    [[nodiscard]] ExitCode worst() const { return worst_; }

    [[nodiscard]] std::size_t lines() const { return lines_; }
    [[nodiscard]] std::size_t failed() const { return failed_; }

  private:
    struct Range {
        std::size_t first, last;
    };
    struct Same {
        Range lines;
        std::size_t failed;  // of them: the others are no commands
    };

    void note_failed(std::size_t line);
    void note_open(std::size_t line, ExitCode code);

    std::size_t lines_ = 0;
    std::size_t failed_ = 0;
    std::vector<Range> ranges_;      // of failed lines, the first ones
    std::size_t beyond_ranges_ = 0;  // failed lines that are in none
    std::size_t first_open_ = 0;  // the first line that ended without a word of ExaBGP's; 0: none
    bool in_doubt_ = false;       // ExaBGP may have executed one of those
    ExitCode worst_ = ExitCode::Done;
    std::string reason_;        // of the last line, if it failed
    std::optional<Same> same_;  // lines that failed for it as well, not yet reported
};

}  // namespace exapulse::client
