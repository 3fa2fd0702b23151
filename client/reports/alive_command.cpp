// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/alive_command.hpp"

#include <fmt/format.h>

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

ExitCode alive(const Arguments& arguments, const std::string& text) {
    if (!arguments.quiet) print_line(text);
    flush_output();
    return ExitCode::Done;
}

ExitCode execute_alive(const Arguments& arguments, const NoOptions& /*options*/) {
    const Endpoint endpoint{arguments.socket, arguments.timeout.value_or(probe_timeout)};
    const Reply reply = ask(endpoint, "sidecar version");
    // Whoever probes would kill an exapulsed that only has too many clients.
    if (reply.verdict.error == ErrorCode::Busy)
        return alive(arguments, fmt::format("exapulsed is alive, and {}", reply.verdict.text));
    nlohmann::json answer;
    const auto names_exapulsed = [](const nlohmann::json& version) {
        return text_field(version, "exapulsed").has_value();
    };
    if (const auto failed = failure_of(reply, endpoint, names_exapulsed, answer)) return *failed;
    return alive(arguments, fmt::format("exapulsed {} is alive", *text_field(answer, "exapulsed")));
}

}  // namespace

Action alive_command(const SubcommandWords& words) {
    SubcommandLine(words).read();
    return {NoOptions{}, execute_alive};
}

}  // namespace exapulse::client
