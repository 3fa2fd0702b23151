// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/history_answer.hpp"

#include "client/exchange/connect_problem.hpp"
#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

std::string history_line(const HistoryQuestion& question) {
    std::string line = "sidecar history";
    if (question.since) line += " " + format_time(*question.since);
    for (const EventType type : question.types) line.append(" ").append(name_of(type));
    if (question.peer) line.append(" peer ").append(*question.peer);
    return line;
}

std::optional<ExitCode> ask_history(const Endpoint& endpoint, const HistoryQuestion& question,
                                    const HistoryReader& reader) {
    bool begun = false, foreign = false;
    const Verdict verdict = ask(endpoint, history_line(question), [&](std::string_view line) {
        if (begun) return reader.on_event(line);
        if (foreign) return;
        const auto header = parsed(std::string(line));
        foreign = !header.is_object() || !header.contains("from");
        if (foreign) return;
        begun = true;
        reader.on_header(header);
    });
    if (const auto failed = failure_of(verdict, endpoint)) return failed;
    if (begun) return std::nullopt;
    complain(foreign_socket(endpoint.socket));
    return ExitCode::Unreachable;
}

}  // namespace exapulse::client
