// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/uptime_command.hpp"

#include <fmt/format.h>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/history_answer.hpp"
#include "client/reports/peers_uptime.hpp"
#include "client/reports/uptime_report.hpp"
#include "client/view/terminal.hpp"
#include "common/ip_address.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

ExitCode of_exabgp(const Arguments& arguments, const UptimeOptions& options) {
    std::optional<UptimeReport> report;
    const auto failed =
        ask_history(arguments, {options.since, UptimeReport::types(), {}},
                    {[&](const nlohmann::json& header) { report.emplace(header, options.since); },
                     [&](std::string_view line) { report->add(parsed(std::string(line))); }});
    if (failed) return *failed;
    report->finish();
    if (arguments.quiet) return ExitCode::Done;
    print_line(options.json ? report->as_json() : report->text(style_of_stdout()));
    flush_output();
    return ExitCode::Done;
}

ExitCode of_peers(const Arguments& arguments, const UptimeOptions& options) {
    std::string question = "sidecar uptime";
    if (options.since) question += " " + format_time(*options.since);
    if (*options.peer != every_peer) question += " " + *options.peer;
    const Reply reply = ask(arguments, question);
    nlohmann::json header;
    const auto is_header = [](const nlohmann::json& answer) {
        return answer.is_object() && answer.contains("from");
    };
    if (const auto failed = failure_of(reply, arguments, is_header, header)) return *failed;
    const std::span<const std::string> lines = std::span(reply.lines).subspan(1);
    if (lines.empty()) {
        complain(fmt::format(
            "exapulsed has no record of {} in that time; it records peers while a client is "
            "subscribed to them, or always with history.peers = true (exapulse.toml(5))",
            *options.peer == every_peer ? "any peer" : "the peer " + *options.peer));
        return ExitCode::Usage;
    }
    if (arguments.quiet) return ExitCode::Done;
    if (options.json) {
        for (const std::string& line : lines) print_answer(line);
    } else {
        std::vector<nlohmann::json> peers;
        for (const std::string& line : lines) peers.push_back(parsed(line));
        print_line(peers_uptime_text(header, peers, style_of_stdout()));
    }
    flush_output();
    return ExitCode::Done;
}

ExitCode execute_uptime(const Arguments& arguments, const UptimeOptions& options) {
    return options.peer ? of_peers(arguments, options) : of_exabgp(arguments, options);
}

}  // namespace

Action uptime_command(const SubcommandWords& words) {
    UptimeOptions options;
    SubcommandLine line(words);
    line.bind("--since", options.since);
    line.bind("--peer", options.peer);
    line.bind("--json", options.json);
    line.read();
    if (options.peer && *options.peer != every_peer && !is_address(*options.peer))
        refuse("--peer: {} is neither an IP address nor {}", *options.peer, every_peer);
    return {options, execute_uptime};
}

}  // namespace exapulse::client
