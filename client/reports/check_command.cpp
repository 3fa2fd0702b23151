// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/check_command.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "client/exchange/connect_problem.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/check_report.hpp"
#include "client/reports/status_question.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

/// Monitoring gives a plugin little more.
constexpr milliseconds plugin_timeout{10'000};

PeersSeen ask_for_peers(const std::string& socket, milliseconds left) {
    const Reply reply = ask({socket, std::max(left, milliseconds(1))}, "sidecar peers");
    const auto answer = reply.lines.empty() ? nlohmann::json() : parsed(reply.lines.front());
    if (reply.verdict.code != ExitCode::Done) return {{}, reply.verdict.text};
    if (!answer.is_object() || !answer.contains("peers") || !answer["peers"].is_array())
        return {{}, foreign_socket(socket)};
    return {answer["peers"]};
}

PluginResult check(const std::string& socket, milliseconds timeout, const CheckOptions& options) {
    const auto started = Clock::now();
    try {
        const Reply reply = ask_for_status({socket, timeout});
        const auto status = reply.lines.empty() ? nlohmann::json() : parsed(reply.lines.front());
        if (reply.verdict.code == ExitCode::Done && status.is_object()) {
            std::optional<PeersSeen> peers;
            const auto spent = std::chrono::floor<milliseconds>(Clock::now() - started);
            if (needs_peers(status, options)) peers = ask_for_peers(socket, timeout - spent);
            return check_status(status, options, std::chrono::system_clock::now(), peers);
        }
        const bool barred =
            reply.verdict.code == ExitCode::Denied || reply.verdict.code == ExitCode::Limit;
        return check_failed(
            barred ? PluginState::Unknown : PluginState::Critical,
            reply.verdict.text.empty() ? foreign_socket(socket) : reply.verdict.text);
    } catch (const Unreachable& error) {
        // Without permission nothing is known; a service that does not run is a finding.
        const bool denied = error.cause() == EACCES || error.cause() == EPERM;
        return check_failed(denied ? PluginState::Unknown : PluginState::Critical, error.what());
    }
}

constexpr std::string_view all_peers = "all";

CheckOptions check_options(const SubcommandWords& words) {
    CheckOptions options;
    std::optional<std::string> peers;
    SubcommandLine line(words);
    line.bind("--warning", options.warning);
    line.bind("--critical", options.critical);
    line.bind("--peers", peers);
    line.read();
    if (peers) {
        options.peers.emplace();
        if (*peers != all_peers)
            options.peers->count = number_of("--peers", *peers, "a number of peers, or all");
    }
    if (options.warning && options.critical && *options.warning > *options.critical)
        refuse("check: --warning is longer than --critical, so it could never come first");
    return options;
}

int execute_check(const Arguments& arguments, const CheckOptions& options) {
    const PluginResult result =
        check(arguments.socket, arguments.timeout.value_or(plugin_timeout), options);
    if (!arguments.quiet) print_line(result.line);
    flush_output();
    return static_cast<int>(result.state);
}

}  // namespace

Action check_command(const SubcommandWords& words) {
    return {check_options(words), execute_check};
}

}  // namespace exapulse::client
