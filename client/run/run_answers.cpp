// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/run_answers.hpp"

#include "client/run/run_result.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

void RunAnswers::data(std::string_view line) {
    had_data_ = true;
    if (json_)
        gathered_.emplace_back(line);
    else if (!quiet_)
        output_.add(line);
}

void RunAnswers::end(const Command& command, const Verdict& verdict) {
    if (json_ && !quiet_) output_.add(format_result(command, verdict, gathered_));
    gathered_.clear();
}

bool RunAnswers::write() {
    output_.write_some();
    return all_written();
}

ExitCode RunAnswers::code_of(const RunReport& report) const {
    if (all_written()) return report.worst();
    complain("interrupted: the rest of the answers was not read from standard output");
    return worse(report.worst(), ExitCode::OutcomeUnknown);
}

}  // namespace exapulse::client
