// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/uptime_command.hpp"

#include <algorithm>
#include <iterator>

#include "client/events/uptime_report.hpp"
#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

bool is_header(const nlohmann::json& json) {
    return json.is_object() && json.contains("from");
}

}  // namespace

ExitCode uptime_command(const Arguments& arguments, const UptimeOptions& options) {
    const std::string since = options.since ? " " + format_duration(*options.since) : "";
    const Reply reply = ask(arguments, "sidecar history" + since);
    nlohmann::json header;
    if (const auto failed = failure_of(reply, arguments, is_header, header)) return *failed;
    if (arguments.quiet) return ExitCode::Done;
    std::vector<nlohmann::json> events;
    std::transform(reply.lines.begin() + 1, reply.lines.end(), std::back_inserter(events), parsed);
    const UptimeReport report(header, events);
    print_line(options.json ? report.as_json() : report.text(style_of_stdout()));
    flush_output();
    return ExitCode::Done;
}

}  // namespace exapulse::client
