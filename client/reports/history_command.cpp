// SPDX-License-Identifier: BSD-3-Clause
// `exapulse history`: the events of the past, as `watch` shows those of the present.
#include "client/reports/history_command.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/history_answer.hpp"
#include "client/view/event_text.hpp"
#include "client/view/terminal.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

ExitCode execute_history(const Arguments& arguments, const HistoryOptions& options) {
    HistoryAnswer answer;
    if (const auto failed = ask_history(arguments, options.since, options.types, answer))
        return *failed;
    if (arguments.quiet) return ExitCode::Done;
    const Style style = style_of_stdout();
    for (const std::string& line : answer.events)
        options.json ? print_answer(line) : print_line(event_text(parsed(line), style));
    flush_output();
    const auto from = time_field(answer.header, "from");
    if (!from) return ExitCode::Done;
    // A script counts the lines; a person would be left in doubt.
    if (answer.events.empty() && isatty(STDERR_FILENO) == 1)
        remark(fmt::format("no such event since {}", local_time(*from)));
    if (!flag_field(answer.header, "complete").value_or(true))
        remark(fmt::format("exapulsed remembers nothing before {}", local_time(*from)));
    return ExitCode::Done;
}

}  // namespace

Action history_command(const SubcommandWords& words) {
    HistoryOptions options;
    SubcommandLine line(words);
    line.bind("--since", options.since);
    line.bind("--type", options.types, {EventType::State, EventType::Peers});
    line.bind("--json", options.json);
    line.read();
    return {options, execute_history};
}

}  // namespace exapulse::client
