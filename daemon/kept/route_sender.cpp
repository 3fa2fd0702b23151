// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/kept/route_sender.hpp"

#include <memory>
#include <utility>

#include "common/exabgp_spelling.hpp"

namespace exapulse {

RouteSender::RouteSender(uv::Loop& loop, Upstream& upstream, Replay& replay, OnSettled on_settled,
                         OnTurn on_turn)
    : upstream_(upstream),
      replay_(replay),
      on_settled_(std::move(on_settled)),
      next_turn_(loop, std::move(on_turn)) {}

bool RouteSender::answers() const {
    const HealthState state = upstream_.health().state();
    return state == HealthState::Up || state == HealthState::Degraded;
}

void RouteSender::send(std::size_t most) {
    while (auto step = replay_.next(most)) submit(std::move(*step));
}

void RouteSender::submit(Replay::Step step) {
    // ExaBGP may have come back as another version.
    if (const auto dialect = upstream_.dialect())
        if (auto other = respelled(step.line, name_of(*dialect))) step.line = std::move(*other);
    Command command;
    command.id = step.id;
    command.owner = replay_of_routes;
    command.request = std::make_shared<const Request>(step.line);
    command.sink = this;
    upstream_.submit(std::move(command));
}

void RouteSender::on_answer_line(const Command& command, std::string_view line) {
    if (line.starts_with(error_prefix))
        reasons_[command.id] = std::string(line.substr(error_prefix.size()));
}

void RouteSender::on_verdict(const Command& command, const Verdict& verdict) {
    std::string why;
    if (const auto reason = reasons_.find(command.id); reason != reasons_.end()) {
        why = std::move(reason->second);
        reasons_.erase(reason);
    }
    Replay::Answer answer = verdict.done ? Replay::Answer::Done : Replay::Answer::Refused;
    if (verdict.lost == ErrorCode::NotSent) answer = Replay::Answer::NotSent;
    if (verdict.lost == ErrorCode::OutcomeUnknown) answer = Replay::Answer::Unknown;
    if (verdict.lost) why = verdict.why;
    if (why.empty()) why = "ExaBGP gave no reason";
    for (const Replay::Settled& settled : replay_.on_answer(command.id, answer, why))
        on_settled_(settled, why);
    ask();
}

}  // namespace exapulse
