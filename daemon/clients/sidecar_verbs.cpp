// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/sidecar_verbs.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "common/ip_address.hpp"
#include "common/json.hpp"
#include "common/nearest.hpp"
#include "common/units.hpp"
#include "daemon/access/access_report.hpp"
#include "daemon/clients/past_commands.hpp"
#include "daemon/clients/past_place.hpp"
#include "daemon/clients/past_time.hpp"
#include "daemon/clients/past_uptime.hpp"
#include "daemon/clients/recorder_pages.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

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

}  // namespace

std::span<const SidecarVerbs::Row> SidecarVerbs::rows() {
    static constexpr std::array table{
        Row{"access", Role::None, 0, any_number, &SidecarVerbs::access,
            "what this client may do, and by which list or rule of the configuration"},
        Row{"cancel", Role::None, 0, any_number, &SidecarVerbs::cancel,
            "withdraw the commands of this connection that wait, and wait for none any more"},
        Row{"clients", Role::Observe, 0, any_number, &SidecarVerbs::clients,
            "who is attached: pid, uid, user, gid, process, commands, backlog"},
        Row{"commands", Role::Admin, 0, 6, &SidecarVerbs::commands,
            "who sent which command, and how it ended: all there is, or `since` a time, of a "
            "`user`, that name a `peer`"},
        Row{"forget", Role::Admin, 1, any_number, &SidecarVerbs::of_routes<&RouteVerbs::forget>,
            "routes by their numbers, as if nobody had announced them; ExaBGP keeps them"},
        Row{"help", Role::None, 0, any_number, &SidecarVerbs::help, "these verbs"},
        Row{"history", Role::Observe, 0, any_number, &SidecarVerbs::history,
            "the events remembered: all, or since 24h or a time, of the types named; `peer` "
            "ADDRESS, "
            "those of that peer"},
        Row{"keep", Role::Operate, 1, any_number, &SidecarVerbs::of_routes<&RouteVerbs::keep>,
            "`on`: the routes that this connection announces from now on come back after a restart "
            "of ExaBGP; `off`: they do not; or the numbers of routes that are to come back"},
        Row{"kill", Role::Admin, 1, 1, &SidecarVerbs::kill,
            "close the connection of the client with this id"},
        Row{"lease", Role::Operate, 1, 2, &SidecarVerbs::of_routes<&RouteVerbs::lease>,
            "a TIME: the routes that this connection announces from now on are withdrawn if it is "
            "not renewed for so long; a second TIME: or if the connection has ended for so long; "
            "`off`: they stay"},
        Row{"owner", Role::Operate, 0, 1, &SidecarVerbs::of_routes<&RouteVerbs::owner>,
            "a NAME: the routes that this connection announces from now on bear it"},
        Row{"peers", Role::Observe, 0, any_number, &SidecarVerbs::peers,
            "ExaBGP's peers: AS, state, since when, messages and prefixes"},
        Row{"recorder", Role::Admin, 0, 0, &SidecarVerbs::recorder,
            "the newest lines to and from ExaBGP, and changes of the connection"},
        Row{"renew", Role::Operate, 0, 0, &SidecarVerbs::of_routes<&RouteVerbs::renew>,
            "the lease of this connection begins anew"},
        Row{"replay", Role::Operate, 1, any_number, &SidecarVerbs::of_routes<&RouteVerbs::replay>,
            "announce routes again, by their numbers, as they were announced before"},
        Row{"routes", Role::Observe, 0, 0, &SidecarVerbs::of_routes<&RouteVerbs::list>,
            "what was announced through exapulsed: each route, its peers, by whom, whether it is "
            "kept"},
        Row{"settle", Role::Operate, 2, any_number, &SidecarVerbs::of_routes<&RouteVerbs::settle>,
            "`done` or `not-done`: whether ExaBGP has carried out the commands of uncertain "
            "routes, by their numbers, as its RIB shows"},
        Row{"status", Role::Observe, 0, any_number, &SidecarVerbs::status,
            "ExaBGP's health, its UUID and version, the queue"},
        Row{"subscribe", Role::Observe, 0, any_number, &SidecarVerbs::subscribe,
            "turn this connection into a stream of events: all, or the types named; `since` a "
            "time, or a boot and a seq, those of the past first"},
        Row{"uptime", Role::Observe, 0, any_number, &SidecarVerbs::uptime,
            "how long each peer was up, or the one named: all that is kept, or since 24h or a "
            "time"},
        Row{"version", Role::None, 0, any_number, &SidecarVerbs::version,
            "exapulsed's version and that of the protocol"},
        Row{"withdraw", Role::Operate, 1, any_number,
            &SidecarVerbs::of_routes<&RouteVerbs::withdraw>,
            "withdraw routes by their numbers, whoever announced them"},
    };
    static_assert(std::is_sorted(table.begin(), table.end(),
                                 [](const Row& a, const Row& b) { return a.verb < b.verb; }));
    return table;
}

const SidecarVerbs::Row* SidecarVerbs::find(Words line) {
    const std::string_view verb = line.size() > 1 ? line[1] : std::string_view();
    const auto row = std::find_if(rows().begin(), rows().end(),
                                  [&](const Row& candidate) { return candidate.verb == verb; });
    return row == rows().end() ? nullptr : &*row;
}

LineReply SidecarVerbs::unknown(Words line) {
    std::vector<std::string_view> verbs;
    for (const Row& row : rows()) verbs.push_back(row.verb);
    const std::string_view typed = line.size() > 1 ? line[1] : std::string_view();
    const std::string_view near = nearest(typed, verbs);
    return LineReply::refused(
        ErrorCode::UnknownVerb,
        fmt::format("no sidecar verb '{:.60}'; {}", typed,
                    near.empty() ? fmt::format("there are {}", fmt::join(verbs, ", "))
                                 : fmt::format("did you mean {}?", near)));
}

LineReply SidecarVerbs::handle(const Row& row, ClientSession& asker, const Request& request) {
    assert(request.words().size() >= 2 && request.words()[1] == row.verb);
    const Words arguments = request.words().subspan(2);
    if (arguments.size() < row.least || arguments.size() > row.most)
        return LineReply::refused(
            ErrorCode::BadInput,
            fmt::format("'sidecar {}' takes {}, not {}: {}", row.verb, counted(row.least, "word"),
                        arguments.size(), row.help));
    return (this->*row.handler)({asker, arguments, request.text().size(), row.role});
}

LineReply SidecarVerbs::answer(const Question& question, PagedAnswers::Fetch fetch,
                               PagedAnswers::GoLive go_live) {
    return paged_.begin(question.asker, question.bytes, question.needed, std::move(fetch),
                        std::move(go_live));
}

LineReply SidecarVerbs::help(const Question&) {
    ordered_json commands = ordered_json::array();
    for (const Row& row : rows())
        commands.push_back({{"command", fmt::format("sidecar {}", row.verb)}, {"help", row.help}});
    return LineReply::done(json_text(ordered_json{{"commands", commands}}));
}

LineReply SidecarVerbs::version(const Question&) {
    return LineReply::done(fmt::format(R"({{"exapulsed": "{}", "protocol": {}}})", EXAPULSE_VERSION,
                                       protocol_version));
}

LineReply SidecarVerbs::status(const Question&) {
    return LineReply::done(format_status(make_report_(), events_.place()));
}

LineReply SidecarVerbs::cancel(const Question& question) {
    commands_.cancel(question.asker);
    return LineReply::done();
}

LineReply SidecarVerbs::peers(const Question& question) {
    return commands_.ask_for_peers(question.asker, question.bytes);
}

LineReply SidecarVerbs::subscribe(const Question& question) {
    Words arguments = question.arguments;
    std::optional<PastPlace> since;
    if (!arguments.empty() && arguments[0] == "since") {
        since = place_in(arguments.subspan(1), now().wall, arguments);
        if (!since)
            return LineReply::refused(
                ErrorCode::BadInput,
                "after `since` comes a time, such as 24h or 2026-11-26T10:00:00Z, or the boot and "
                "the seq of the last event that is known");
    }
    std::string problem;
    const auto types = types_in(arguments, problem);
    if (!types) return LineReply::refused(ErrorCode::BadInput, std::move(problem));
    if (!since) return LineReply::stream(*types);
    return answer(question, past_.replay(*since, *types),
                  [this, types = *types](ClientSession& session) { go_live(session, types); });
}

void SidecarVerbs::go_live(ClientSession& session, const EventTypes& types) {
    const bool about_peers = (types & peer_event_types()).any();
    // Before the snapshot, which must not show the peers as they were at some earlier time.
    if (about_peers) upstream_.drop_old_peers();
    session.subscribe(types, format_snapshot(make_report_(), events_.place(), now().wall));
    sessions_.subscribed(session);
    if (about_peers) upstream_.hurry_peers();
}

LineReply SidecarVerbs::history(const Question& question) {
    const Words arguments = question.arguments;
    const auto since = arguments.empty() ? std::nullopt : past_time(arguments[0], now().wall);
    Words names = arguments.subspan(since ? 1 : 0);
    std::string peer;
    if (const auto word = std::find(names.begin(), names.end(), "peer"); word != names.end()) {
        if (names.end() - word != 2 || !is_address(word[1]))
            return LineReply::refused(ErrorCode::BadInput,
                                      "after `peer` comes the address of one, and no more");
        peer = word[1];
        names = names.first(static_cast<std::size_t>(word - names.begin()));
    }
    std::string problem;
    auto types = types_in(names, problem);
    if (!types) return LineReply::refused(ErrorCode::BadInput, std::move(problem));
    return answer(question, past_.history(since, {*types, std::move(peer)}));
}

LineReply SidecarVerbs::uptime(const Question& question) {
    Words words = question.arguments;
    UptimeQuestion asked;
    asked.now = now().wall;
    if (!words.empty()) asked.since = past_time(words[0], asked.now);
    if (asked.since) words = words.subspan(1);
    if (words.size() > 1 || (words.size() == 1 && !is_address(words[0])))
        return LineReply::refused(
            ErrorCode::BadInput,
            "a time, such as 24h or 2026-11-26T10:00:00Z, and the address of a peer, or either");
    if (!words.empty()) asked.peer = words[0];
    if (store_ == nullptr)
        return LineReply::refused(ErrorCode::BadInput,
                                  "exapulsed keeps no record of peers: history.store is false");
    return answer(question, past_uptime(*store_, std::move(asked)));
}

LineReply SidecarVerbs::recorder(const Question& question) {
    return answer(question, recorder_pages(recorder_));
}

LineReply SidecarVerbs::commands(const Question& question) {
    std::string problem;
    auto query = command_query_in(question.arguments, now().wall, problem);
    if (!query) return LineReply::refused(ErrorCode::BadInput, std::move(problem));
    if (store_ == nullptr)
        return LineReply::refused(ErrorCode::BadInput,
                                  "no records of commands are kept: history.store is false");
    return answer(question, past_commands(*store_, std::move(*query), config_.history.commands));
}

LineReply SidecarVerbs::kill(const Question& question) {
    assert(question.arguments.size() == 1);
    const std::string_view argument = question.arguments[0];
    SessionId id = 0;
    const char* end = argument.data() + argument.size();
    const auto [last, error] = std::from_chars(argument.data(), end, id);
    const bool number = error == std::errc{} && last == end;
    ClientSession* victim = number ? sessions_.find(id) : nullptr;
    if (victim == nullptr)
        return LineReply::refused(
            ErrorCode::BadInput,
            fmt::format("no client '{:.60}'; `sidecar clients` shows their ids", argument));
    if (victim == &question.asker)
        return LineReply::refused(ErrorCode::BadInput, "that is the connection that asks");
    spdlog::warn("{}: cut by {}", victim->describe(), question.asker.describe());
    victim->cut(fmt::format("cut by uid {} with `sidecar kill`", question.asker.peer().uid));
    return LineReply::done();
}

LineReply SidecarVerbs::access(const Question& question) {
    const Caller caller = question.asker.caller();
    const Grant& grant = question.asker.grant();
    std::vector<std::string> verbs;
    for (const Row& row : rows())
        if (row.role <= grant.role) verbs.push_back(fmt::format("sidecar {}", row.verb));
    return LineReply::done(format_access(caller, users_.name_of(caller.uid), grant, verbs));
}

LineReply SidecarVerbs::clients(const Question&) {
    std::vector<ClientReport> reports;
    sessions_.for_each([&](const ClientSession& session) {
        reports.push_back({session.id(), session.peer(), session.peer().process(),
                           users_.name_of(session.peer().uid), session.since(), session.commands(),
                           session.pending(), session.subscribed(), session.backlog(),
                           session.dropped()});
    });
    std::sort(reports.begin(), reports.end(),
              [](const ClientReport& a, const ClientReport& b) { return a.id < b.id; });
    return LineReply::done(format_clients(reports));
}

}  // namespace exapulse
