// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/uptime_command.hpp"

#include <algorithm>
#include <iterator>

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/history_answer.hpp"
#include "client/reports/uptime_report.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

ExitCode execute_uptime(const Arguments& arguments, const UptimeOptions& options) {
    HistoryAnswer answer;
    if (const auto failed = ask_history(arguments, options.since, {}, answer)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    std::vector<nlohmann::json> events;
    std::transform(answer.events.begin(), answer.events.end(), std::back_inserter(events), parsed);
    const UptimeReport report(answer.header, events, options.since);
    print_line(options.json ? report.as_json() : report.text(style_of_stdout()));
    flush_output();
    return ExitCode::Done;
}

}  // namespace

Action uptime_command(const SubcommandWords& words) {
    UptimeOptions options;
    SubcommandLine line(words);
    line.bind("--since", options.since);
    line.bind("--json", options.json);
    line.read();
    return {options, execute_uptime};
}

}  // namespace exapulse::client
