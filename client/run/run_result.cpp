// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/run_result.hpp"

#include <nlohmann/json.hpp>

namespace exapulse::client {

namespace {

using nlohmann::ordered_json;

ordered_json value_of(const std::string& line) {
    ordered_json value = ordered_json::parse(line, nullptr, false);
    return value.is_discarded() ? ordered_json(line) : value;
}

}  // namespace

std::string_view verdict_name(ExitCode code) {
    switch (code) {
        case ExitCode::Done:
            return "done";
        case ExitCode::ExabgpError:
            return "error";
        case ExitCode::Usage:
            return "bad-input";
        case ExitCode::OutcomeUnknown:
            return "outcome-unknown";
        case ExitCode::NotSent:
            return "not-sent";
        case ExitCode::Denied:
            return "denied";
        case ExitCode::Limit:
            return "limit";
        case ExitCode::TimedOut:
            return "timed-out";
        case ExitCode::Unreachable:
            return "unreachable";
    }
    return "outcome-unknown";
}

std::string format_result(const Command& command, const Verdict& verdict,
                          const std::vector<std::string>& data) {
    ordered_json result{
        {"line", command.line == 0 ? ordered_json(nullptr) : ordered_json(command.line)},
        {"command", command.text},
        {"sent", command.sent.empty() ? command.text : command.sent},
        {"verdict", verdict_name(verdict.code)},
        {"exit", static_cast<int>(verdict.code)},
        {"text", verdict.text.empty() ? ordered_json(nullptr) : ordered_json(verdict.text)},
        {"data", ordered_json::array()}};
    for (const std::string& line : data) result["data"].push_back(value_of(line));
    return result.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace exapulse::client
