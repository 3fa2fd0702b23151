// SPDX-License-Identifier: BSD-3-Clause
// RunReport: counts verdicts and words them for stderr. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "client/command_exchange.hpp"

namespace exapulse::client {

/// What a run has come to so far.
class RunReport {
  public:
    /// What to tell about this verdict; nullopt when the command is done.
    [[nodiscard]] std::optional<std::string> add(const Command& command, const Verdict& verdict);

    /// exapulsed is gone or silent, and `line` and all behind it were not sent (0: the only
    /// command). What to tell about it.
    [[nodiscard]] std::string add_unsent_from(std::size_t line);

    /// "3 of 120 lines failed"; nullopt when none did.
    [[nodiscard]] std::optional<std::string> summary() const;

    /// What to tell about a command that is sent otherwise than given.
    [[nodiscard]] static std::string respelled(std::size_t line, std::string_view sent,
                                               std::string_view dialect);

    [[nodiscard]] ExitCode worst() const { return worst_; }

  private:
    std::size_t lines_ = 0;
    std::size_t failed_ = 0;
    ExitCode worst_ = ExitCode::Done;
};

}  // namespace exapulse::client
