// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/request_dispatcher.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "common/json.hpp"
#include "common/nearest.hpp"
#include "common/units.hpp"
#include "daemon/commands/line_check.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

std::string done(std::string_view line) {
    return fmt::format("{}\ndone\n", line);
}

std::string refusal(ErrorCode code, std::string_view why) {
    return format_error(code, why) + "\nerror\n";
}

bool forwards(const CommandRule& rule) {
    return rule.treatment == Treatment::Forward || rule.treatment == Treatment::ForwardIrregular;
}

/// Why the line is not what it looks like, or no whole command; empty when it is.
std::string problem_in(const Request& request) {
    if (std::string why = misspelling(request); !why.empty()) return why;
    const CommandRule& rule = request.rule();
    return forwards(rule) && rule.verb.text() != "debug" ? incomplete(request) : std::string();
}

std::string sidecar_help() {
    ordered_json commands = ordered_json::array();
    for (const CommandRule& rule : policy::command_rules)
        if (rule.verb.text().starts_with("sidecar "))
            commands.push_back({{"command", rule.verb.text()}, {"help", rule.text}});
    return json_text(ordered_json{{"commands", commands}});
}

std::string unknown_sidecar_verb(Words parts) {
    std::vector<std::string_view> verbs;
    for (const CommandRule& rule : policy::command_rules)
        if (rule.verb.text().starts_with("sidecar ")) verbs.push_back(rule.verb.words()[1]);
    const std::string_view typed = parts.size() > 1 ? parts[1] : std::string_view();
    const std::string_view near = nearest(typed, verbs);
    return fmt::format("no sidecar verb '{:.60}'; {}", typed,
                       near.empty() ? fmt::format("there are {}", fmt::join(verbs, ", "))
                                    : fmt::format("did you mean {}?", near));
}

/// The types that are named, or every happening where none is; nullopt: `problem` says why.
std::optional<EventTypes> types_in(Words names, std::string& problem) {
    EventTypes types;
    for (const std::string_view name : names) {
        const auto type = parse_event_type(name);
        if (!type) {
            const std::string_view near = nearest(name, event_type_names);
            problem = fmt::format(
                "no event type '{:.60}'; {}", name,
                near.empty() ? fmt::format("there are {}", fmt::join(event_type_names, ", "))
                             : fmt::format("did you mean {}?", near));
            return std::nullopt;
        }
        types.set(static_cast<std::size_t>(*type));
    }
    return types.none() ? every_happening() : types;
}

/// Beyond it a time before now can't be told on the wall clock.
constexpr std::chrono::hours longest_since{24 * 365 * 50};

/// "24h" before `now`, or a time of RFC 3339; nullopt: neither.
std::optional<WallTime> since_in(std::string_view text, WallTime now) {
    if (const auto before = parse_duration(text))
        return now - std::min(*before, Milliseconds(longest_since));
    return parse_zoned_time(text);
}

}  // namespace

RequestDispatcher::RequestDispatcher(Upstream& upstream, SessionRegistry& sessions,
                                     const EventBroadcaster& broadcaster, const Config& config,
                                     MakeReport make_report)
    : upstream_(upstream),
      sessions_(sessions),
      broadcaster_(broadcaster),
      config_(config),
      make_report_(std::move(make_report)),
      answers_(sessions) {
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
        session.answer(refusal(ErrorCode::TooLong,
                               fmt::format("the line has more than limits.line_length ({}) bytes "
                                           "and nothing was sent; a longer one than 1MiB kills "
                                           "ExaBGP's control channel, split it",
                                           format_size(config_.limits.line_length))));
        return;
    }
    if (const std::string harm = harm_in(line.text); !harm.empty()) {
        session.answer(refusal(ErrorCode::BadInput, harm + "; nothing was sent"));
        return;
    }
    const auto request = std::make_shared<const Request>(line.text);
    if (const std::string why = problem_in(*request); !why.empty()) {
        session.answer(refusal(ErrorCode::BadInput, why));
        return;
    }
    const CommandRule& rule = request->rule();
    if (forwards(rule)) {
        const std::string why =
            excess_of(*request, {config_.limits.echo, config_.limits.communities});
        if (!why.empty()) {
            session.answer(refusal(ErrorCode::TooLong, why));
            return;
        }
    }
    if (rule.permission == Permission::Admin && !users_.is_admin(session.peer().uid)) {
        session.answer(refusal(
            ErrorCode::Denied,
            fmt::format("'{}' is for root, for the user exapulsed runs as, and for those in "
                        "socket.admins; you are uid {}",
                        rule.verb.text(), session.peer().uid)));
        return;
    }
    if (rule.permission == Permission::Admin)
        spdlog::info("{}: {}", session.describe(), request->text());
    treat(session, request);
}

void RequestDispatcher::treat(ClientSession& session,
                              const std::shared_ptr<const Request>& request) {
    const Request& line = *request;
    const CommandRule& rule = line.rule();
    switch (rule.treatment) {
        case Treatment::Forward:
            forward(session, request, AnswerShape::Terminated);
            return;
        case Treatment::ForwardIrregular:
            forward(session, request, AnswerShape::Irregular);
            return;
        case Treatment::Pong:
            pong(session, line);
            return;
        case Treatment::Done:
            session.answer("done\n");
            return;
        case Treatment::Refuse:
            session.answer(
                refusal(ErrorCode::Denied, fmt::format("'{}': {}", rule.verb.text(), rule.text)));
            return;
        case Treatment::SidecarHelp:
            session.answer(done(sidecar_help()));
            return;
        case Treatment::SidecarCancel:
            cancel(session);
            return;
        case Treatment::SidecarVersion:
            session.answer(done(fmt::format(R"({{"exapulsed": "{}", "protocol": {}}})",
                                            EXAPULSE_VERSION, protocol_version)));
            return;
        case Treatment::SidecarStatus:
            session.answer(done(format_status(make_report_(), broadcaster_.place())));
            return;
        case Treatment::SidecarClients:
            session.answer(done(clients()));
            return;
        case Treatment::SidecarHistory:
            history(session, line);
            return;
        case Treatment::SidecarKill:
            kill(session, line);
            return;
        case Treatment::SidecarPeers:
            peers(session, line);
            return;
        case Treatment::SidecarSubscribe:
            subscribe(session, line);
            return;
        case Treatment::SidecarUnknown:
            session.answer(refusal(ErrorCode::UnknownVerb, unknown_sidecar_verb(line.words())));
            return;
    }
}

bool RequestDispatcher::may_go(ClientSession& session, const Request& line) {
    std::string why;
    if (stopping_)
        session.answer(
            refusal(ErrorCode::NotSent,
                    "exapulsed is stopping; nothing reached ExaBGP, it is safe to repeat"));
    else if (!session.may_expect(line.text().size(), why))
        session.answer(refusal(ErrorCode::Busy, why));
    else
        return true;
    return false;
}

/// Each command gets its verdict now, so the client knows which of them ExaBGP never saw.
void RequestDispatcher::cancel(ClientSession& session) {
    for (const Command& command : upstream_.withdraw(session.id()))
        session.finish_answer(
            command.id,
            refusal(ErrorCode::NotSent,
                    "withdrawn by its client; nothing reached ExaBGP, it is safe to repeat"));
    session.finish_answers(refusal(ErrorCode::OutcomeUnknown,
                                   "it was written to ExaBGP, then its client did not wait any "
                                   "longer; look before you repeat it"));
    session.answer("done\n");
}

Command RequestDispatcher::command_of(const ClientSession& session) {
    Command command;
    command.id = ++last_command_;
    command.owner = session.id();
    command.user = session.peer().uid;
    command.sink = &answers_;
    return command;
}

void RequestDispatcher::peers(ClientSession& session, const Request& line) {
    if (!may_go(session, line)) return;
    const Command asked = command_of(session);
    session.expect(asked.id, line.text().size());
    upstream_.submit_peers(asked);
}

void RequestDispatcher::forward(ClientSession& session, std::shared_ptr<const Request> request,
                                AnswerShape shape) {
    if (!may_go(session, *request)) return;
    const std::size_t bytes = request->text().size();
    Command command = command_of(session);
    command.charge = std::make_shared<Charge>(session.account(),
                                              sizeof command + sizeof *request + request->memory());
    command.request = std::move(request);
    command.shape = shape;
    session.expect(command.id, bytes);
    upstream_.submit(std::move(command));
}

/// ExaBGP's own forms; the UUID is that of the last pong, at most an interval old.
void RequestDispatcher::pong(ClientSession& session, const Request& line) {
    const HealthMonitor& health = upstream_.health();
    const bool answers =
        health.state() == HealthState::Up || health.state() == HealthState::Degraded;
    if (!answers) {
        session.answer(
            refusal(ErrorCode::NotSent,
                    fmt::format("ExaBGP does not answer, {} since {}: {}; it is safe to repeat",
                                name_of(health.state()), format_time(health.state_since()),
                                health.detail())));
        return;
    }
    const Words parts = line.words();
    const bool as_text = std::find(parts.begin(), parts.end(), "text") != parts.end();
    session.answer(done(as_text
                            ? fmt::format("pong {} active=true", health.uuid())
                            : fmt::format(R"({{"pong": "{}", "active": true}})", health.uuid())));
}

void RequestDispatcher::subscribe(ClientSession& session, const Request& line) {
    const Words parts = line.words();
    std::string problem;
    const auto types = types_in(parts.subspan(2), problem);
    if (!types) {
        session.answer(refusal(ErrorCode::BadInput, problem));
        return;
    }
    const bool wants_peers = (*types & peer_event_types()).any();
    if (wants_peers && !sessions_.anyone_wants(peer_event_types())) upstream_.begin_peers_anew();
    session.subscribe(*types, format_snapshot(make_report_(), broadcaster_.place(), now().wall));
    sessions_.subscribed(session);
    if (wants_peers) upstream_.hurry_peers();
}

void RequestDispatcher::history(ClientSession& session, const Request& line) {
    const Words parts = line.words();
    const WallTime at = now().wall;
    const auto since = parts.size() > 2 ? since_in(parts[2], at) : std::nullopt;
    std::string problem;
    const auto types = types_in(parts.subspan(since ? 3 : 2), problem);
    if (!types) {
        session.answer(refusal(ErrorCode::BadInput, problem));
        return;
    }
    // A client must be able to read it all without being cut.
    const std::size_t room = config_.limits.client_backlog / 2;
    const auto excerpt = broadcaster_.history().excerpt(since, *types, room);
    std::string answer = format_excerpt(excerpt, at);
    for (const std::string& event : excerpt.lines) answer.append("\n").append(event);
    session.answer(done(answer));
}

void RequestDispatcher::kill(ClientSession& session, const Request& line) {
    const Words parts = line.words();
    SessionId id = 0;
    const bool number = parts.size() == 3 && [&] {
        const char* end = parts[2].data() + parts[2].size();
        const auto [last, error] = std::from_chars(parts[2].data(), end, id);
        return error == std::errc{} && last == end;
    }();
    ClientSession* victim = number ? sessions_.find(id) : nullptr;
    if (victim == nullptr || victim == &session) {
        session.answer(refusal(
            ErrorCode::BadInput,
            victim != nullptr ? "that is the connection that asks"
                              : fmt::format("no client '{:.60}'; `sidecar clients` shows their ids",
                                            parts.size() == 3 ? parts[2] : "")));
        return;
    }
    spdlog::warn("{}: cut by {}", victim->describe(), session.describe());
    victim->cut(fmt::format("cut by uid {} with `sidecar kill`", session.peer().uid));
    session.answer("done\n");
}

std::string RequestDispatcher::clients() {
    std::vector<ClientReport> reports;
    sessions_.for_each([&](const ClientSession& session) {
        reports.push_back({session.id(), session.peer(), users_.name_of(session.peer().uid),
                           session.since(), session.commands(), session.pending(),
                           session.subscribed(), session.backlog(), session.dropped()});
    });
    return format_clients(reports);
}

void RequestDispatcher::on_closed(const ClientSession& session) {
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

}  // namespace exapulse
