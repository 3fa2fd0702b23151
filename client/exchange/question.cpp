// SPDX-License-Identifier: BSD-3-Clause
// One question and its answer.
#include "client/exchange/question.hpp"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_pump.hpp"
#include "client/exchange/connect_problem.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

constexpr std::chrono::milliseconds in_passing{1'000};

/// Whether exapulsed does something for it, which may be left in doubt.
bool acts(std::string_view line) {
    return line.starts_with("sidecar ") && !is_query(line);
}

std::string silent_exabgp(std::chrono::milliseconds time) {
    return fmt::format(
        "ExaBGP has not reported its peers within {} (--timeout); see exapulse status",
        format_duration(time));
}

}  // namespace

Reply ask(const Endpoint& endpoint, std::string_view line) {
    Reply reply;
    reply.verdict =
        ask(endpoint, line, [&](std::string_view data) { reply.lines.emplace_back(data); });
    return reply;
}

Verdict ask(const Endpoint& endpoint, std::string_view line,
            const std::function<void(std::string_view)>& on_line) {
    const auto timeout = endpoint.timeout.value_or(default_timeout);
    DaemonConnection connection(endpoint.socket, timeout);
    Verdict verdict{ExitCode::Unreachable, "exapulsed closed the connection without a word"};
    CommandExchange exchange(on_line,
                             [&](const Command&, const Verdict& ended) { verdict = ended; });
    exchange.add({std::string(line)});
    (void)pump(connection, exchange, timeout);
    // A question changes nothing, so nothing is left in doubt but who does not answer.
    if (acts(line)) return verdict;
    if (verdict.code == ExitCode::TimedOut)
        verdict.text = line == "sidecar peers" ? silent_exabgp(timeout)
                                               : silent_socket(endpoint.socket, timeout);
    if (verdict.code == ExitCode::NotSent && verdict.source == Verdict::Source::Client)
        verdict = {ExitCode::Unreachable,
                   "exapulsed closed the connection before it answered; see journalctl -u "
                   "'exapulsed*'"};
    return verdict;
}

std::optional<std::vector<std::string>> ask_in_passing(const std::string& socket,
                                                       std::string_view line) {
    try {
        Reply reply = ask({socket, in_passing}, line);
        if (reply.verdict.code == ExitCode::Done) return std::move(reply.lines);
    } catch (const std::exception&) {  // nobody there, or no permission
    }
    return std::nullopt;
}

std::optional<ExitCode> failure_of(const Reply& reply, const Endpoint& endpoint) {
    return failure_of(reply.verdict, endpoint);
}

std::optional<ExitCode> failure_of(const Verdict& verdict, const Endpoint& endpoint) {
    if (verdict.code == ExitCode::Done) return std::nullopt;
    if (verdict.source == Verdict::Source::Exabgp) {  // exapulsed's own errors have codes
        complain(foreign_socket(endpoint.socket));
        return ExitCode::Unreachable;
    }
    if (verdict.error == ErrorCode::UnknownVerb) {
        complain(
            "this exapulsed is older than exapulse and does not know the question; update it "
            "(exapulse run sidecar version), then systemctl restart exapulsed");
        return ExitCode::Usage;
    }
    complain(verdict.text);
    return verdict.code;
}

nlohmann::json parsed(const std::string& line) {
    return nlohmann::json::parse(line, nullptr, false);
}

std::optional<ExitCode> failure_of(const Reply& reply, const Endpoint& endpoint,
                                   bool (*fits)(const nlohmann::json&), nlohmann::json& json) {
    if (const auto failed = failure_of(reply, endpoint)) return failed;
    if (!reply.lines.empty()) json = parsed(reply.lines.front());
    if (!reply.lines.empty() && fits(json)) return std::nullopt;
    complain(foreign_socket(endpoint.socket));
    return ExitCode::Unreachable;
}

}  // namespace exapulse::client
