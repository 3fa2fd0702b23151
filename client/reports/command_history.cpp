// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/command_history.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/exchange/question.hpp"
#include "client/reports/command_record_text.hpp"
#include "client/view/terminal.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

std::string question_for_commands(const CommandHistoryOptions& options) {
    std::string question = "sidecar commands";
    if (options.since) question += " since " + format_time(*options.since);
    if (!options.user.empty()) question += " user " + options.user;
    if (!options.peer.empty()) question += " peer " + options.peer;
    return question;
}

/// What a person would be left in doubt about.
void remark_on_commands(const nlohmann::json& header, const CommandHistoryOptions& options,
                        bool empty) {
    const auto since = time_field(header, "kept_since");
    if (!flag_field(header, "recording").value_or(true))
        remark("exapulsed keeps no records of commands: history.commands is false");
    else if (empty && isatty(STDERR_FILENO) == 1)
        remark("no such command");
    if (since && options.since && *options.since < *since)
        remark(fmt::format("exapulsed has no records of commands before {}", local_time(*since)));
}

}  // namespace

ExitCode show_command_history(const Endpoint& endpoint, const CommandHistoryOptions& options) {
    const Style style = style_of_stdout();
    std::optional<nlohmann::json> header;
    bool empty = true;
    const Verdict verdict =
        ask(endpoint, question_for_commands(options), [&](std::string_view line) {
            if (!header) {
                header = parsed(std::string(line));
                return;
            }
            empty = false;
            if (options.quiet) return;
            options.json ? print_answer(line)
                         : print_line(command_record_text(parsed(std::string(line)), style));
        });
    flush_output();
    if (const auto failed = failure_of(verdict, endpoint)) return *failed;
    if (!options.quiet && header) remark_on_commands(*header, options, empty);
    return ExitCode::Done;
}

}  // namespace exapulse::client
