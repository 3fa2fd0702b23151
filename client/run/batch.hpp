// SPDX-License-Identifier: BSD-3-Clause
// Batch: the commands of a batch, sent one after another, and what became of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_pump.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/exchange/speller.hpp"
#include "client/io/signal_file.hpp"
#include "client/run/run_answers.hpp"
#include "client/run/run_command.hpp"
#include "client/run/run_progress.hpp"
#include "client/run/run_report.hpp"

namespace exapulse::client {

/// Reads the commands from standard input.
class Batch {
  public:
    /// `size`: of the input in bytes, where it has one.
    Batch(DaemonConnection& connection, const Arguments& arguments, const RunOptions& options,
          Speller speller, std::optional<std::uint64_t> size);

    /// Until the batch has ended. Reports failures on stderr.
    ExitCode run();

  private:
    enum class StoppedBy { Nothing, Failure, SilentExabgp };

    void on_data(std::string_view line);
    void on_verdict(const Command& command, const Verdict& verdict);
    /// What was not sent, and how to go on from there.
    void tell_early_end(const Pumped& end);
    void stop(StoppedBy what);
    [[nodiscard]] bool restarted() const;

    DaemonConnection& connection_;
    const RunOptions& options_;
    const std::string& socket_;
    bool quiet_;
    std::chrono::milliseconds timeout_;
    SignalFile interrupts_{ending_signals};
    RunReport report_;
    RunAnswers answers_;
    RunProgress progress_;
    CommandExchange exchange_;
    InputLines input_;
    StoppedBy stopped_by_ = StoppedBy::Nothing;
    std::size_t failed_line_ = 0;  // that ended the batch
    bool any_done_ = false;
    std::optional<std::string> uuid_;  // of the ExaBGP that executed the first line
};

}  // namespace exapulse::client
