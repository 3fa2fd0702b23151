// SPDX-License-Identifier: BSD-3-Clause
// `exapulse history`: the events of the past, as `watch` shows those of the present.
#include "client/events/history_command.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "client/events/event_text.hpp"
#include "client/exchange/question.hpp"
#include "client/view/json_fields.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

std::string question(const HistoryOptions& options) {
    std::string line = "sidecar history";
    if (options.since) line += " " + format_duration(*options.since);
    for (const EventType type : options.types) line.append(" ").append(name_of(type));
    return line;
}

bool is_header(const nlohmann::json& json) {
    return json.is_object() && json.contains("from");
}

}  // namespace

ExitCode history_command(const Arguments& arguments, const HistoryOptions& options) {
    const Reply reply = ask(arguments, question(options));
    nlohmann::json header;
    if (const auto failed = failure_of(reply, arguments, is_header, header)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    const Style style = style_of_stdout();
    for (auto line = reply.lines.begin() + 1; line != reply.lines.end(); ++line)
        print_line(options.json ? *line : event_text(parsed(*line), style));
    flush_output();
    const auto from = time_field(header, "from");
    if (!from) return ExitCode::Done;
    // A script sees that from --json, a person would be left in doubt.
    if (reply.lines.size() == 1 && isatty(STDERR_FILENO) == 1)
        remark(fmt::format("no such event since {}", local_time(*from)));
    if (!flag_field(header, "complete").value_or(true))
        remark(fmt::format("exapulsed remembers nothing before {}", local_time(*from)));
    return ExitCode::Done;
}

}  // namespace exapulse::client
