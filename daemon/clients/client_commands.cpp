// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_commands.hpp"

#include <cassert>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/commands/line_hint.hpp"

namespace exapulse {

std::optional<LineReply> ClientCommands::obstacle(const ClientSession& session,
                                                  std::size_t bytes) const {
    if (stopping_)
        return LineReply::refused(
            ErrorCode::NotSent,
            "exapulsed is stopping; nothing reached ExaBGP, it is safe to repeat");
    if (std::string why; !session.may_expect(bytes, why))
        return LineReply::refused(ErrorCode::Busy, std::move(why));
    return std::nullopt;
}

Command ClientCommands::command_of(const ClientSession& session) {
    assert(session.id() != exapulsed_itself && session.id() < departed_clients_of(0));
    Command command;
    command.id = ++last_command_;
    command.owner = session.id();
    command.user = session.peer().uid;
    command.sink = this;
    return command;
}

LineReply ClientCommands::forward(ClientSession& session, std::shared_ptr<const Request> request) {
    assert(request != nullptr && forwards(request->rule()));
    const std::size_t bytes = request->text().size();
    if (auto why = obstacle(session, bytes)) return std::move(*why);
    Command command = command_of(session);
    command.shape = request->rule().treatment == Treatment::ForwardIrregular
                        ? AnswerShape::Irregular
                        : AnswerShape::Terminated;
    command.request = std::move(request);
    session.expect(command.id, bytes);
    upstream_.submit(std::move(command));
    return LineReply::later();
}

LineReply ClientCommands::ask_for_peers(ClientSession& session, std::size_t bytes) {
    if (auto why = obstacle(session, bytes)) return std::move(*why);
    const Command asked = command_of(session);
    session.expect(asked.id, bytes);
    upstream_.submit_peers(asked);
    return LineReply::later();
}

ClientCommands::Expected ClientCommands::expect(ClientSession& session, std::size_t bytes) {
    if (auto why = obstacle(session, bytes)) return {std::nullopt, std::move(*why)};
    session.expect(++last_command_, bytes);
    return {last_command_, {}};
}

void ClientCommands::withdraw(ClientSession& session) {
    for (const Command& command : upstream_.withdraw(session.id()))
        session.finish_answer(
            command.id,
            refusal(ErrorCode::NotSent,
                    "withdrawn by its client; nothing reached ExaBGP, it is safe to repeat"));
}

void ClientCommands::cancel(ClientSession& session) {
    withdraw(session);
    session.finish_answers(refusal(ErrorCode::OutcomeUnknown,
                                   "it was written to ExaBGP, then its client did not wait any "
                                   "longer; check ExaBGP's state before you repeat it"));
}

void ClientCommands::on_closed(const ClientSession& session) {
    assert(session.finished());
    const auto most = static_cast<std::size_t>(config_.limits.departed_commands);
    if (!session.left()) {
        const auto dropped = upstream_.drop(session.id());
        if (dropped > 0 && sessions_.may_log_about(session.id()))
            spdlog::warn("session {}: {} of its commands were not sent to ExaBGP", session.id(),
                         dropped);
        return;
    }
    const auto dropped =
        upstream_.bequeath(session.id(), departed_clients_of(session.peer().uid), most);
    if (dropped > 0 && sessions_.may_log_about(session.id()))
        spdlog::warn(
            "session {}: left, and {} of its commands were not sent to ExaBGP: more than "
            "limits.departed_commands ({}) of uid {} wait",
            session.id(), dropped, most, session.peer().uid);
}

void ClientCommands::on_answer_line(const Command& command, std::string_view line) {
    last_answered_ = command.id;
    if (ClientSession* session = sessions_.find(command.owner))
        session->answer_line(command.id, line);
}

std::string ClientCommands::owner_of(const Command& command) {
    const std::string& user = users_.name_of(command.user);
    if (const ClientSession* session = sessions_.find(command.owner))
        return session->describe(user);
    const std::string who = fmt::format("uid {}{}{}", command.user, user.empty() ? "" : " ", user);
    if (command.owner < departed_clients_of(0))
        return fmt::format("session {} ({}), which has ended", command.owner, who);
    return fmt::format("a client of {} that has left", who);
}

void ClientCommands::log(const Command& command, const Verdict& verdict) {
    using spdlog::level::level_enum;
    assert(command.peers || command.request);
    // A question about the peers has a request only once its turn has come, and then ExaBGP's.
    const bool admin = !command.peers && command.request->rule().permission == Permission::Admin;
    const bool worth_a_warning = verdict.lost && sessions_.may_log_about(command.owner);
    const level_enum level = worth_a_warning ? level_enum::warn
                             : admin         ? level_enum::info
                                             : level_enum::debug;
    // A flood of commands that change nothing must not fill the log at any level.
    if (verdict.lost == ErrorCode::NotSent && !worth_a_warning) return;
    if (!spdlog::should_log(level)) return;
    const std::string_view line = command.peers ? "sidecar peers" : command.line();
    if (verdict.lost)
        spdlog::log(level, "{}: {}: {:.200}: {}", owner_of(command), name_of(*verdict.lost), line,
                    verdict.why);
    else
        spdlog::log(level, "{}: {}: {}", owner_of(command), verdict.done ? "done" : "error", line);
}

void ClientCommands::on_verdict(const Command& command, const Verdict& verdict) {
    log(command, verdict);
    ClientSession* session = sessions_.find(command.owner);
    if (session == nullptr) return;
    if (verdict.lost) {
        session->finish_answer(command.id, refusal(*verdict.lost, verdict.why));
        return;
    }
    assert(command.request != nullptr);
    if (!verdict.done && last_answered_ != command.id)
        if (const std::string hint = hint_for(*command.request); !hint.empty())
            session->answer_line(command.id, fmt::format("error: {}", hint));
    session->finish_answer(command.id, verdict.done ? "done\n" : "error\n");
}

}  // namespace exapulse
