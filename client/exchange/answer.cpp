// SPDX-License-Identifier: BSD-3-Clause
// Answers: terminators and the detail before `error`.
#include "client/exchange/answer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/protocol.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

/// exapulsed's own verbs that change nothing. One that is not listed, of a newer exapulsed, may.
constexpr std::array<std::string_view, 12> queries{"access",  "clients",   "commands", "help",
                                                   "history", "peers",     "recorder", "routes",
                                                   "status",  "subscribe", "uptime",   "version"};
constexpr std::string_view json_error_start = "{\"error\"";

bool may_be_detail(std::string_view line) {
    return line.starts_with(error_prefix) || line.starts_with(json_error_start);
}

// ExaBGP gives its reason as `error: TEXT` or as {"error": "TEXT"}.
std::string detail_text(std::string_view line) {
    if (line.starts_with(error_prefix)) return std::string(line.substr(error_prefix.size()));
    const auto detail = nlohmann::json::parse(line, nullptr, false);
    if (detail.is_object() && detail.contains("error") && detail["error"].is_string())
        return detail["error"].get<std::string>();
    return std::string(line);
}

Verdict failure(const std::optional<std::string>& detail) {
    if (!detail)
        return {
            ExitCode::ExabgpError,
            "ExaBGP said error and gave no reason; system help lists the commands it knows, and "
            "its log may say more",
            Verdict::Source::Exabgp};
    if (const auto coded = parse_error(*detail))
        return {exit_code_of(coded->code), fmt::format("{}: {}", name_of(coded->code), coded->what),
                Verdict::Source::Exapulsed, coded->code, std::string(coded->what)};
    return {ExitCode::ExabgpError, "ExaBGP said error: " + detail_text(*detail),
            Verdict::Source::Exabgp};
}

}  // namespace

bool is_query(std::string_view command) {
    const auto parts = words(command);
    return parts.size() > 1 && parts[0] == "sidecar" &&
           std::find(queries.begin(), queries.end(), parts[1]) != queries.end();
}

Verdict verdict_on_query(const Verdict& verdict) {
    Verdict told = verdict;
    if (verdict.code == ExitCode::OutcomeUnknown)
        told.code = ExitCode::NotSent;
    else if (verdict.code != ExitCode::TimedOut)
        return told;
    told.text = fmt::format("no answer: {}; a query changes nothing, it is safe to repeat",
                            verdict.why.empty() ? verdict.text : verdict.why);
    return told;
}

Verdict timed_out(std::chrono::milliseconds timeout) {
    const std::string why = fmt::format("none within {} (--timeout)", format_duration(timeout));
    return {.code = ExitCode::TimedOut,
            .text = fmt::format(
                "no answer within {} (--timeout): the command was handed to "
                "exapulsed, its outcome is unknown; check ExaBGP's state before retrying",
                format_duration(timeout)),
            .why = why};
}

Verdict connection_lost() {
    const std::string why =
        "exapulsed closed the connection before it answered (see journalctl -u 'exapulsed*')";
    return {.code = ExitCode::OutcomeUnknown,
            .text = fmt::format("outcome-unknown: {}; check ExaBGP's state before retrying", why),
            .why = why};
}

Verdict given_up(std::string_view why) {
    return {.code = ExitCode::OutcomeUnknown,
            .text = fmt::format("{}: the command was handed to exapulsed, its outcome is unknown; "
                                "check ExaBGP's state before retrying",
                                why),
            .why = std::string(why)};
}

Verdict withdrawn(std::string_view why) {
    return not_sent(fmt::format("{}, so the command was withdrawn", why));
}

Verdict not_sent(std::string_view why) {
    return {ExitCode::NotSent,
            fmt::format("not-sent: {}; nothing reached ExaBGP, it is safe to repeat", why)};
}

std::optional<Verdict> AnswerReader::feed(std::string_view line, const Data& data) {
    const std::optional<std::string> held = std::exchange(held_, std::nullopt);
    if (line == line_error) return failure(held);
    if (held) data(*held);
    if (line == line_done) return Verdict{.source = Verdict::Source::Exabgp};
    if (may_be_detail(line))
        held_ = line;
    else
        data(line);
    return std::nullopt;
}

}  // namespace exapulse::client
