// SPDX-License-Identifier: BSD-3-Clause
// RunAnswers: where the answers of a run go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/io/output_lines.hpp"
#include "client/run/run_command.hpp"
#include "client/run/run_report.hpp"

namespace exapulse::client {

/// To standard output as they come, or with their command as a line of JSON.
class RunAnswers {
  public:
    RunAnswers(const Arguments& arguments, const RunOptions& options)
        : quiet_(arguments.quiet), json_(options.json) {}

    void data(std::string_view line);
    void end(const Command& command, const Verdict& verdict);

    /// To be called before anything else is written: it belongs after what it is about. False: the
    /// reader does not take all.
    bool write();
    [[nodiscard]] bool all_written() const { return output_.empty(); }
    /// What to exit with. Answers that a signal has kept from their reader make it worse, and a
    /// complaint.
    [[nodiscard]] ExitCode code_of(const RunReport& report) const;
    [[nodiscard]] OutputLines& output() { return output_; }
    [[nodiscard]] bool had_data() const { return had_data_; }

  private:
    bool quiet_, json_;
    bool had_data_ = false;
    std::vector<std::string> gathered_;
    OutputLines output_;
};

}  // namespace exapulse::client
