// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/client_commands.hpp"

#include <cassert>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "common/json.hpp"
#include "common/units.hpp"
#include "daemon/clients/charged_request.hpp"
#include "daemon/commands/line_hint.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

std::string not_saved(const std::string& why) {
    return refusal(ErrorCode::NotSaved,
                   fmt::format("it is done, but what is kept of it could not be saved: {}; it is "
                               "saved once that is possible, and until then an exapulsed that ends "
                               "forgets it",
                               why));
}

}  // namespace

std::optional<LineReply> ClientCommands::obstacle(const ClientSession& session,
                                                  std::size_t bytes) const {
    if (stopping_)
        return LineReply::refused(
            ErrorCode::NotSent,
            "exapulsed is stopping; nothing reached ExaBGP, it is safe to repeat");
    if (std::string why; !session.room().may_expect(bytes, why))
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
    // The name of the process can only be read while it is running.
    if (audit_.wants(request->rule().role)) {
        static_cast<void>(session.peer().process());
        static_cast<void>(static_cast<const ChargedRequest&>(*request).peer().process());
    }
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
    constexpr std::string_view why =
        "withdrawn by its client; nothing reached ExaBGP, it is safe to repeat";
    for (const Command& command : upstream_.withdraw(session.id())) {
        note(command, Verdict::of_exapulsed(ErrorCode::NotSent, why));
        session.finish_answer(command.id, refusal(ErrorCode::NotSent, why));
    }
}

void ClientCommands::cancel(ClientSession& session) {
    withdraw(session);
    session.finish_answers(refusal(ErrorCode::OutcomeUnknown,
                                   "it was written to ExaBGP, then its client did not wait any "
                                   "longer; check ExaBGP's state before you repeat it"));
}

void ClientCommands::on_closed(const ClientSession& session) {
    assert(session.finished());
    if (const SessionState* state = session.own_state(); state != nullptr && state->lease != 0)
        routes_.lease_clock().let_go(state->lease, session.pending() > 0);
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
    ClientSession* session = sessions_.find(command.owner);
    if (session == nullptr) return;
    if (session->room().has_room_for_line(line.size())) {
        session->answer_line(command.id, line);
        return;
    }
    const bool reads = command.peers || command.request->rule().role <= Role::Observe;
    session->finish_answer(
        command.id,
        refusal(reads ? ErrorCode::Incomplete : ErrorCode::OutcomeUnknown,
                fmt::format("the rest of the answer was dropped, {}; {}",
                            session->account()->shortage(),
                            reads ? "the command changes nothing, so it is safe to repeat"
                                  : "check ExaBGP's state before you repeat it")));
}

void ClientCommands::note(const Command& command, const Verdict& verdict) {
    assert(command.peers || command.request);
    LineOutcome outcome;
    // A question about the peers has no request until its turn, and then one of exapulsed's.
    outcome.line = command.peers ? "sidecar peers" : command.line();
    outcome.needed = command.peers ? Role::Observe : command.request->rule().role;
    outcome.done = verdict.done;
    outcome.code = verdict.lost;
    outcome.why = verdict.why;
    const auto since_queued = [&](TimePoint at) {
        return std::chrono::duration_cast<std::chrono::microseconds>(at - command.queued_at);
    };
    outcome.took = since_queued(steady_now());
    if (command.written_at) outcome.waited = since_queued(*command.written_at);
    if (!audit_.may_note(outcome)) return;
    outcome.session = command.owner;
    outcome.peer.uid = command.user;
    if (!command.peers) {
        const auto& request = static_cast<const ChargedRequest&>(*command.request);
        outcome.session = request.session();
        outcome.peer = request.peer();
    } else if (const ClientSession* session = sessions_.find(command.owner)) {
        outcome.peer = session->peer();
    }
    audit_.note(outcome);
}

std::optional<ClientCommands::Announcer> ClientCommands::announcer_of(
    const Command& command) const {
    const auto& request = static_cast<const ChargedRequest&>(*command.request);
    if (request.rule().role < Role::Operate) return std::nullopt;
    RouteWish wish = request.wish() ? *request.wish() : RouteWish();
    RouteOwner owner{command.user, users_.name_of(command.user), wish.owner};
    return Announcer{std::move(owner), std::move(wish)};
}

bool ClientCommands::enter(const Command& command) {
    const auto announcer = announcer_of(command);
    return announcer && routes_.note(*command.request, announcer->owner, announcer->wish,
                                     answer_once_saved(command.owner, command.id));
}

bool ClientCommands::enter_uncertain(const Command& command) {
    const auto announcer = announcer_of(command);
    return announcer && routes_.note_uncertain(*command.request, announcer->owner, announcer->wish);
}

KeptRoutes::OnSaved ClientCommands::answer_once_saved(SessionId asker, CommandId id) {
    return [this, asker, id](const std::string& why) {
        ClientSession* session = sessions_.find(asker);
        if (session == nullptr) return;
        session->finish_answer(id, why.empty() ? "done\n" : not_saved(why));
    };
}

KeptRoutes::OnOrderEnd ClientCommands::answer_once_settled(SessionId asker, CommandId id) {
    return [this, asker, id](const RouteOrders::Result& result, const std::string& unsaved) {
        ClientSession* session = sessions_.find(asker);
        if (session == nullptr) return;
        session->answer_line(id, json_text(nlohmann::ordered_json{{"done", result.done},
                                                                  {"refused", result.refused},
                                                                  {"left", result.left},
                                                                  {"reasons", result.reasons}}));
        std::string last = "done\n";
        if (result.left > 0)
            last = refusal(ErrorCode::OutcomeUnknown,
                           fmt::format("{} came to no end: ExaBGP has restarted, or a client has "
                                       "changed them; look at `sidecar routes`",
                                       counted(result.left, "route")));
        else if (result.refused > 0)
            last = refusal(ErrorCode::ExabgpFailed,
                           fmt::format("ExaBGP refused {}", counted(result.refused, "route")));
        else if (!unsaved.empty())
            last = not_saved(unsaved);
        session->finish_answer(id, last);
    };
}

void ClientCommands::answer_not_sent(ClientSession& asker, CommandId id) {
    asker.finish_answer(id, refusal(ErrorCode::NotSent,
                                    "ExaBGP does not answer, so nothing was sent; see 'exapulse "
                                    "status'"));
}

void ClientCommands::on_verdict(const Command& command, const Verdict& verdict) {
    note(command, verdict);
    if (verdict.done && !command.peers && enter(command)) return;
    const bool listed =
        verdict.lost == ErrorCode::OutcomeUnknown && !command.peers && enter_uncertain(command);
    ClientSession* session = sessions_.find(command.owner);
    if (session == nullptr) return;
    if (verdict.lost) {
        std::string why(verdict.why);
        if (listed) why += "; 'exapulse routes check' finds out";
        session->finish_answer(command.id, refusal(*verdict.lost, why));
        return;
    }
    assert(command.request != nullptr);
    if (!verdict.done && last_answered_ != command.id)
        if (const std::string hint = hint_for(*command.request); !hint.empty())
            session->answer_line(command.id, fmt::format("error: {}", hint));
    session->finish_answer(command.id, verdict.done ? "done\n" : "error\n");
}

}  // namespace exapulse
