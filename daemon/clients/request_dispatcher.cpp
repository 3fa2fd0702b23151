// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/request_dispatcher.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"
#include "daemon/clients/charged_request.hpp"
#include "daemon/commands/line_check.hpp"

namespace exapulse {

namespace {

/// Why the line is not what it looks like, or no whole command; empty when it is.
std::string problem_in(const Request& request) {
    if (std::string why = misspelling(request); !why.empty()) return why;
    const CommandRule& rule = request.rule();
    return forwards(rule) && rule.verb.text() != "debug" ? incomplete(request) : std::string();
}

bool is_for_admins(const Request& request) {
    if (request.rule().treatment != Treatment::Sidecar)
        return request.rule().permission == Permission::Admin;
    const auto* row = SidecarVerbs::find(request.words());
    return row != nullptr && row->permission == Permission::Admin;
}

/// The verb of the line, as exapulsed knows it.
std::string verb_in(const Request& request) {
    const auto* row = request.rule().treatment == Treatment::Sidecar
                          ? SidecarVerbs::find(request.words())
                          : nullptr;
    return row == nullptr ? std::string(request.rule().verb.text())
                          : fmt::format("sidecar {}", row->verb);
}

}  // namespace

RequestDispatcher::RequestDispatcher(Upstream& upstream, SessionRegistry& sessions,
                                     const EventLog& events, StoreThread* store,
                                     const Config& config, SidecarVerbs::MakeReport make_report)
    : upstream_(upstream),
      sessions_(sessions),
      config_(config),
      commands_(upstream, sessions, config, users_),
      session_verbs_(upstream, commands_, config),
      past_(store, events, sessions, commands_, config),
      sidecar_(upstream, commands_, past_, sessions, events, users_, std::move(make_report)) {
    apply();
}

void RequestDispatcher::apply() {
    for (const std::string& name : users_.set_admins(config_.socket.admins))
        spdlog::warn(
            "socket.admins: there is no user {} on this host; create it, then systemctl reload "
            "exapulsed",
            name);
}

void RequestDispatcher::on_request(ClientSession& session, const LineFramer::Line& line) {
    if (line.too_long) {
        give(
            session,
            LineReply::refused(
                ErrorCode::TooLong,
                fmt::format("the line has more than limits.line_length ({}) bytes and nothing was "
                            "sent; a longer one than 1MiB kills ExaBGP's control channel, split it",
                            format_size(config_.limits.line_length))));
    } else if (const std::string harm = harm_in(line.text); !harm.empty()) {
        give(session, LineReply::refused(ErrorCode::BadInput, harm + "; nothing was sent"));
    } else {
        const std::shared_ptr<const Request> request =
            std::make_shared<const ChargedRequest>(line.text, session.account());
        const LineReply reply = reply_to(session, request);
        log(session, *request, reply);
        give(session, reply);
    }
}

LineReply RequestDispatcher::reply_to(ClientSession& session,
                                      const std::shared_ptr<const Request>& request) {
    if (std::string why = problem_in(*request); !why.empty())
        return LineReply::refused(ErrorCode::BadInput, std::move(why));
    if (forwards(request->rule()))
        if (std::string why =
                excess_of(*request, {config_.limits.echo, config_.limits.communities});
            !why.empty())
            return LineReply::refused(ErrorCode::TooLong, std::move(why));
    if (is_for_admins(*request) && !users_.is_admin(session.peer().uid))
        return LineReply::refused(
            ErrorCode::Denied,
            fmt::format("'{}' is for root, for the user exapulsed runs as, and for those in "
                        "socket.admins; you are uid {}",
                        verb_in(*request), session.peer().uid));
    return carry_out(session, request);
}

LineReply RequestDispatcher::carry_out(ClientSession& session,
                                       const std::shared_ptr<const Request>& request) {
    const CommandRule& rule = request->rule();
    switch (rule.treatment) {
        case Treatment::Forward:
        case Treatment::ForwardIrregular:
            return session.own_state() == nullptr ? commands_.forward(session, request)
                                                  : session_verbs_.forward(session, request);
        case Treatment::Session:
            return session_verbs_.handle(session, *request);
        case Treatment::Pong:
            return pong(*request);
        case Treatment::Done:
            return LineReply::done();
        case Treatment::Refuse:
            return LineReply::refused(ErrorCode::Denied,
                                      fmt::format("'{}': {}", rule.verb.text(), rule.text));
        case Treatment::Sidecar:
            break;
    }
    const auto* row = SidecarVerbs::find(request->words());
    return row == nullptr ? SidecarVerbs::unknown(request->words())
                          : sidecar_.handle(*row, session, *request);
}

/// ExaBGP's own forms; the UUID is that of the last pong, at most an interval old.
LineReply RequestDispatcher::pong(const Request& request) const {
    const HealthMonitor& health = upstream_.health();
    const bool answers =
        health.state() == HealthState::Up || health.state() == HealthState::Degraded;
    if (!answers)
        return LineReply::refused(
            ErrorCode::NotSent,
            fmt::format("ExaBGP does not answer, {} since {}: {}; it is safe to repeat",
                        name_of(health.state()), format_time(health.state_since()),
                        health.detail()));
    const Words parts = request.words();
    const bool as_text = std::find(parts.begin(), parts.end(), "text") != parts.end();
    return LineReply::done(as_text
                               ? fmt::format("pong {} active=true", health.uuid())
                               : fmt::format(R"({{"pong": "{}", "active": true}})", health.uuid()));
}

void RequestDispatcher::log(const ClientSession& session, const Request& request,
                            const LineReply& reply) {
    const bool refused = reply.kind == LineReply::Kind::Refused;
    const bool denied = refused && reply.code == ErrorCode::Denied;
    if (denied ? !sessions_.may_log_about(session.id()) : !is_for_admins(request)) return;
    const std::string_view verdict = refused                                ? name_of(reply.code)
                                     : reply.kind == LineReply::Kind::Later ? "accepted"
                                                                            : "done";
    spdlog::log(denied ? spdlog::level::warn : spdlog::level::info, "{}: {}: {:.200}{}{}",
                session.describe(users_.name_of(session.peer().uid)), verdict, request.text(),
                refused ? ": " : "", refused ? reply.text : "");
}

void RequestDispatcher::give(ClientSession& session, const LineReply& reply) {
    switch (reply.kind) {
        case LineReply::Kind::Done:
        case LineReply::Kind::Failed:
            session.answer(reply.text.empty() ? std::string() : reply.text + "\n",
                           reply.kind == LineReply::Kind::Done);
            return;
        case LineReply::Kind::Refused:
            session.refuse(reply.code, reply.text);
            return;
        case LineReply::Kind::Stream:
            sidecar_.go_live(session, reply.types);
            return;
        case LineReply::Kind::Later:
            return;
    }
}

}  // namespace exapulse
