// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/check_command.hpp"

#include <cerrno>

#include "client/exchange/connect_problem.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/check_report.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

/// Monitoring gives a plugin little more.
constexpr std::chrono::milliseconds plugin_timeout{10'000};

PluginResult check(const Arguments& arguments, const CheckOptions& options) {
    try {
        const Reply reply = ask(arguments, "sidecar status");
        const auto status = reply.lines.empty() ? nlohmann::json() : parsed(reply.lines.front());
        if (reply.verdict.code == ExitCode::Done && status.is_object())
            return check_status(status, options, std::chrono::system_clock::now());
        const bool barred =
            reply.verdict.code == ExitCode::Denied || reply.verdict.code == ExitCode::Limit;
        return check_failed(
            barred ? PluginState::Unknown : PluginState::Critical,
            reply.verdict.text.empty() ? foreign_socket(arguments.socket) : reply.verdict.text);
    } catch (const Unreachable& error) {
        // Who may not look knows nothing; a service that is not there is a finding.
        const bool denied = error.cause() == EACCES || error.cause() == EPERM;
        return check_failed(denied ? PluginState::Unknown : PluginState::Critical, error.what());
    }
}

}  // namespace

int check_command(const Arguments& arguments, const CheckOptions& options) {
    Arguments bounded = arguments;
    if (!bounded.timeout) bounded.timeout = plugin_timeout;
    const PluginResult result = check(bounded, options);
    if (!arguments.quiet) print_line(result.line);
    flush_output();
    return static_cast<int>(result.state);
}

}  // namespace exapulse::client
