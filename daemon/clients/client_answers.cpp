// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_answers.hpp"

#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/commands/line_hint.hpp"

namespace exapulse {

namespace {

std::string owner_of(const Command& command) {
    constexpr SessionId departed = departed_clients_of(0);
    if (command.owner < departed) return fmt::format("session {}", command.owner);
    return fmt::format("a client of uid {} that has left", command.owner - departed);
}

}  // namespace

void ClientAnswers::on_answer_line(const Command& command, std::string_view line) {
    last_answered_ = command.id;
    if (ClientSession* session = sessions_.find(command.owner))
        session->answer_line(command.id, line);
}

void ClientAnswers::on_verdict(const Command& command, const Verdict& verdict) {
    if (verdict.lost && sessions_.may_log_about(command.owner))
        spdlog::warn("{}: {}: {:.200}: {}", owner_of(command), name_of(*verdict.lost),
                     command.peers ? "sidecar peers" : command.line(), verdict.why);
    ClientSession* session = sessions_.find(command.owner);
    if (session == nullptr) return;
    if (verdict.lost) {
        session->finish_answer(command.id, format_error(*verdict.lost, verdict.why) + "\nerror\n");
        return;
    }
    if (!verdict.done && last_answered_ != command.id)
        if (const std::string hint = hint_for(*command.request); !hint.empty())
            session->answer_line(command.id, fmt::format("error: {}", hint));
    session->finish_answer(command.id, verdict.done ? "done\n" : "error\n");
}

}  // namespace exapulse
