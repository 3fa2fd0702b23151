// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_verbs.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/clients/charged_request.hpp"
#include "daemon/commands/line_check.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/sync_word.hpp"

namespace exapulse {

namespace {

/// ExaBGP gathers these and executes everything else at once.
bool joins_a_group(const Request& request) {
    const Words words = request.words();
    return !words.empty() && (words.front() == "announce" || words.front() == "withdraw");
}

}  // namespace

const SessionVerbs::Row* SessionVerbs::find(std::string_view verb) {
    static constexpr std::array table{
        Row{"disable-ack", &SessionVerbs::acks_off},
        Row{"disable-sync", &SessionVerbs::sync_off},
        Row{"enable-ack", &SessionVerbs::acks_on},
        Row{"enable-sync", &SessionVerbs::sync_on},
        Row{"group end", &SessionVerbs::end_group},
        Row{"group start", &SessionVerbs::start_group},
        Row{"reset", &SessionVerbs::reset},
        Row{"session ack disable", &SessionVerbs::acks_off},
        Row{"session ack enable", &SessionVerbs::acks_on},
        Row{"session ack silence", &SessionVerbs::silence},
        Row{"session reset", &SessionVerbs::reset},
        Row{"session sync disable", &SessionVerbs::sync_off},
        Row{"session sync enable", &SessionVerbs::sync_on},
        Row{"silence-ack", &SessionVerbs::silence},
    };
    const auto row =
        std::find_if(table.begin(), table.end(), [&](const Row& r) { return r.verb == verb; });
    return row == table.end() ? nullptr : &*row;
}

LineReply SessionVerbs::handle(ClientSession& session, const Request& request) const {
    const Row* row = find(request.rule().verb.text());
    assert(row != nullptr);
    LineReply reply = (this->*row->handler)(session);
    session.settle_state();
    return reply;
}

LineReply SessionVerbs::forward(ClientSession& session,
                                const std::shared_ptr<const Request>& request) const {
    const SessionState* state = session.own_state();
    assert(state != nullptr);
    if (state->group && joins_a_group(*request)) return gather(session, *request);
    if (!state->sync) return commands_.forward(session, request);
    if (auto why =
            obstacle("'sync', which 'session sync enable' has switched on for this connection"))
        return *why;
    auto line = with_sync(rules_of(*upstream_.dialect()), *request);
    return commands_.forward(session, line ? std::make_shared<const ChargedRequest>(
                                                 *line, session.account(), session.id(),
                                                 session.peer(), wish_of(session))
                                           : request);
}

std::shared_ptr<const RouteWish> SessionVerbs::wish_of(const ClientSession& session) const {
    const SessionState* state = session.own_state();
    const bool keep_all = config_.routes.keep == "all" && config_.history.store;
    if (!keep_all) return state == nullptr ? nullptr : state->wish;
    static const auto keep = std::make_shared<const RouteWish>(RouteWish{.keep = true});
    if (state == nullptr || !state->wish) return keep;
    if (state->wish->keep) return state->wish;
    RouteWish wish = *state->wish;
    wish.keep = true;
    return std::make_shared<const RouteWish>(std::move(wish));
}

std::optional<LineReply> SessionVerbs::obstacle(std::string_view what) const {
    const auto dialect = upstream_.dialect();
    if (!dialect)
        return LineReply::refused(
            ErrorCode::NotSent,
            fmt::format("ExaBGP does not answer, so it is not known whether it supports {}; see "
                        "'exapulse status'",
                        what));
    if (!rules_of(*dialect).in_order)
        return LineReply::refused(ErrorCode::BadInput,
                                  fmt::format("ExaBGP 4.2 and 5.0 do not support {}", what));
    return std::nullopt;
}

LineReply SessionVerbs::acks_on(ClientSession& session) const {
    session.change_state().acks = true;
    return LineReply::done();
}

LineReply SessionVerbs::acks_off(ClientSession& session) const {
    session.answer({}, true);  // the last one
    return silence(session);
}

LineReply SessionVerbs::silence(ClientSession& session) const {
    session.change_state().acks = false;
    return LineReply::done();
}

LineReply SessionVerbs::sync_on(ClientSession& session) const {
    if (auto why = obstacle("'sync'")) return *why;
    session.change_state().sync = true;
    return LineReply::done();
}

LineReply SessionVerbs::sync_off(ClientSession& session) const {
    if (session.own_state() != nullptr) session.change_state().sync = false;
    return LineReply::done();
}

LineReply SessionVerbs::start_group(ClientSession& session) const {
    if (auto why = obstacle("groups")) return *why;
    SessionState& state = session.change_state();
    if (state.group)
        return LineReply::failed(
            R"x({"error": "already in group block (nested groups not allowed)"})x");
    state.group.emplace();
    return LineReply::done(R"({"status": "group started"})");
}

LineReply SessionVerbs::gather(ClientSession& session, const Request& request) const {
    const std::string& line = request.text();
    RouteGroup& group = *session.change_state().group;
    if (line.find(';') != std::string::npos)
        return LineReply::refused(
            ErrorCode::BadInput,
            "';' would end the command within a group; the line was not added to it");
    if (group.size_with(line.size()) > config_.limits.line_length)
        return LineReply::refused(
            ErrorCode::TooLong,
            fmt::format("with this line the group would exceed limits.line_length ({}); it was not "
                        "added: send 'group end' and start another group",
                        format_size(config_.limits.line_length)));
    if (std::string why; !session.room().may_expect(group.size_with(line.size()), why))
        return LineReply::refused(ErrorCode::Busy, std::move(why));
    group.add(line);
    session.settle_state();
    return LineReply::done();
}

LineReply SessionVerbs::end_group(ClientSession& session) const {
    if (session.own_state() == nullptr || !session.own_state()->group)
        return LineReply::failed(R"({"error": "not in group block"})");
    const RouteGroup group = *std::exchange(session.change_state().group, std::nullopt);
    if (group.empty()) return LineReply::done(R"({"status": "group ended", "commands": 0})");
    const auto request = std::make_shared<const ChargedRequest>(
        group.line(), session.account(), session.id(), session.peer(), wish_of(session));
    if (std::string why = excess_of(*request, {config_.limits.echo, config_.limits.communities});
        !why.empty())
        return LineReply::refused(ErrorCode::TooLong,
                                  fmt::format("{}; the group was not sent, use smaller ones", why));
    return forward(session, request);
}

LineReply SessionVerbs::reset(ClientSession& session) const {
    commands_.withdraw(session);
    return LineReply::done(R"({"status": "asynchronous queue cleared"})");
}

}  // namespace exapulse
