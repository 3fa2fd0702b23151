// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/history_answer.hpp"

#include "client/exchange/question.hpp"
#include "common/units.hpp"

namespace exapulse::client {

std::optional<ExitCode> ask_history(const Endpoint& endpoint,
                                    std::optional<std::chrono::system_clock::time_point> since,
                                    const std::vector<EventType>& types, HistoryAnswer& answer) {
    std::string question = "sidecar history";
    if (since) question += " " + format_time(*since);
    for (const EventType type : types) question.append(" ").append(name_of(type));
    const Reply reply = ask(endpoint, question);
    const auto is_header = [](const nlohmann::json& json) {
        return json.is_object() && json.contains("from");
    };
    if (const auto failed = failure_of(reply, endpoint, is_header, answer.header)) return failed;
    answer.events.assign(reply.lines.begin() + 1, reply.lines.end());
    return std::nullopt;
}

}  // namespace exapulse::client
