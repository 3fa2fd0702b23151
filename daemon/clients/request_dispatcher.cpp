// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/request_dispatcher.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"
#include "daemon/clients/charged_request.hpp"
#include "daemon/clients/request_role.hpp"
#include "daemon/commands/line_check.hpp"

namespace exapulse {

namespace {

/// Why the line does not mean what it looks like, or is incomplete; empty: neither.
std::string problem_in(const Request& request) {
    if (std::string why = misspelling(request); !why.empty()) return why;
    const CommandRule& rule = request.rule();
    return forwards(rule) && rule.verb.text() != "debug" ? incomplete(request) : std::string();
}

}  // namespace

RequestDispatcher::RequestDispatcher(uv::Loop& loop, Upstream& upstream, SessionRegistry& sessions,
                                     const EventLog& events, StoreThread* store,
                                     const FlightRecorder& recorder, KeptRoutes& routes,
                                     const Config& config, SidecarVerbs::MakeReport make_report)
    : upstream_(upstream),
      sessions_(sessions),
      config_(config),
      audit_(config, sessions, users_),
      commands_(upstream, sessions, config, audit_, routes, users_),
      session_verbs_(upstream, commands_, config),
      paged_(loop, sessions, commands_, config),
      sidecar_(upstream, commands_, paged_, store, sessions, events, recorder, routes, users_,
               config, std::move(make_report)) {}

std::shared_ptr<const Grant> RequestDispatcher::grant_of(const Caller& caller) {
    Grant grant = policy_.grant_of(caller);
    const auto known = std::find_if(grants_.begin(), grants_.end(),
                                    [&](const auto& other) { return *other == grant; });
    if (known != grants_.end()) return *known;
    return grants_.emplace_back(std::make_shared<const Grant>(std::move(grant)));
}

void RequestDispatcher::apply(AccessPolicy policy) {
    audit_.apply();
    policy_ = std::move(policy);
    grants_.clear();
    sessions_.for_each([&](ClientSession& session) {
        auto grant = grant_of(session.caller());
        // Its group was allowed under the old grant.
        const bool gathers = session.own_state() != nullptr && session.own_state()->group;
        if (gathers && session.grant() != *grant) session.change_state().group.reset();
        session.set_grant(std::move(grant));
        paged_.on_grant(session);
        if (session.subscribed() && session.grant().role < Role::Observe)
            session.cut("the role observe was taken away");
    });
}

void RequestDispatcher::on_request(ClientSession& session, const LineFramer::Line& line) {
    LineReply reply;
    Role needed = Role::Operate;  // for a line that is not parsed
    if (line.too_long) {
        reply = LineReply::refused(
            ErrorCode::TooLong,
            fmt::format("the line has more than limits.line_length ({}) bytes and nothing was "
                        "sent; a longer one than 1MiB kills ExaBGP's control channel, split it",
                        format_size(config_.limits.line_length)));
    } else if (const std::string harm = harm_in(line.text); !harm.empty()) {
        reply = LineReply::refused(ErrorCode::BadInput, harm + "; nothing was sent");
    } else {
        const std::shared_ptr<const Request> request =
            std::make_shared<const ChargedRequest>(line.text, session.account(), session.id(),
                                                   session.peer(), session_verbs_.wish_of(session));
        needed = role_for(*request);
        reply = reply_to(session, needed, request);
    }
    if (reply.kind == LineReply::Kind::Later) return;
    note(session, line.text, needed, reply);
    give(session, reply);
}

LineReply RequestDispatcher::reply_to(ClientSession& session, Role needed,
                                      const std::shared_ptr<const Request>& request) {
    if (std::string why = problem_in(*request); !why.empty())
        return LineReply::refused(ErrorCode::BadInput, std::move(why));
    if (forwards(request->rule()))
        if (std::string why =
                excess_of(*request, {config_.limits.echo, config_.limits.communities});
            !why.empty())
            return LineReply::refused(ErrorCode::TooLong, std::move(why));
    const Grant& grant = session.grant();
    if (needed > grant.role || grant.limited())
        if (std::string why = denial(grant, needed, verb_in(*request), *request); !why.empty())
            return LineReply::refused(ErrorCode::Denied, std::move(why));
    return execute(session, request);
}

LineReply RequestDispatcher::execute(ClientSession& session,
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

void RequestDispatcher::note(const ClientSession& session, std::string_view line, Role needed,
                             const LineReply& reply) {
    LineOutcome outcome{
        .session = session.id(), .peer = session.peer(), .line = line, .needed = needed};
    outcome.done = reply.kind == LineReply::Kind::Done || reply.kind == LineReply::Kind::Stream ||
                   reply.kind == LineReply::Kind::Pages;
    if (reply.kind == LineReply::Kind::Refused) {
        outcome.code = reply.code;
        outcome.why = reply.text;
    }
    audit_.note(outcome);
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
        case LineReply::Kind::Pages:
        case LineReply::Kind::Later:
            return;
    }
}

}  // namespace exapulse
