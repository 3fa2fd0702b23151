// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/past_events.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

/// Large enough to make little of the way to the store's thread and back.
constexpr std::size_t largest_page = 256U << 10;

constexpr const char* unknown_place =
    "exapulsed knows nothing of that run of its own: the place is of another host, or too old, or "
    "its history was lost; subscribe without `since`, or since a time";

std::string_view without_last_lf(std::string_view lines) {
    if (lines.ends_with('\n')) lines.remove_suffix(1);
    return lines;
}

/// The answer to `sidecar uptime`; empty: the file can't be read now.
std::string uptime_lines(EventStore& store, const UptimeQuestion& question) {
    const auto answer = store.peers_uptime(question);
    if (!answer) return {};
    std::string lines = format_uptime_start(answer->from, question.now, answer->complete) + '\n';
    for (const PeerUptime::Report& report : answer->reports)
        lines.append(format_uptime(report)).append("\n");
    return lines;
}

}  // namespace

std::size_t PastEvents::page_size() const {
    return std::min<std::size_t>(largest_page, config_.limits.client_backlog / 4);
}

LineReply PastEvents::history(ClientSession& session, std::size_t bytes,
                              std::optional<WallTime> since, const EventFilter& filter) {
    if (store_ == nullptr) return LineReply::done(history_in_memory(since, filter));
    Reading reading{.filter = filter};
    if (since) reading.since = *since;
    return begin(session, bytes, std::move(reading), [since](EventStore& store) {
        HistoryStart start = store.start(since);
        return Begin{store.problem(), true, std::move(start)};
    });
}

LineReply PastEvents::peers_uptime(ClientSession& session, std::size_t bytes,
                                   UptimeQuestion question) {
    if (store_ == nullptr)
        return LineReply::refused(ErrorCode::BadInput,
                                  "exapulsed keeps no record of peers: history.store is false");
    assert(readings_.count(session.id()) == 0);
    const auto answer = commands_.expect(session, bytes);
    if (!answer.id) return answer.refusal;
    session.hold_input();
    readings_.emplace(session.id(), Reading{.answer = *answer.id});
    question.heard = store_->peers_known(question.now);
    store_->ask<std::string>(
        [question](EventStore& store) { return uptime_lines(store, question); },
        [this, id = session.id(), answer = *answer.id](std::string lines) {
            take_uptime(id, answer, std::move(lines));
        });
    return LineReply::later();
}

void PastEvents::take_uptime(SessionId id, CommandId answer, std::string lines) {
    Reading* reading = reading_of(id, answer);
    if (reading == nullptr) return;
    ClientSession& session = *sessions_.find(id);
    if (lines.empty())
        return refuse(session, ErrorCode::Busy,
                      "the history can't be read now, see `sidecar status`; try again later");
    reading->lines = Lines{std::move(lines), 0};
    send_lines(session, *reading);
}

/// As many as the client reads at once. What is sent may bring on_changed() before this returns.
void PastEvents::send_lines(ClientSession& session, Reading& reading) {
    for (;;) {
        reading.asked = true;
        const std::string_view rest =
            std::string_view(reading.lines->text).substr(reading.lines->sent);
        std::size_t end_of_page = rest.rfind('\n', page_size() - 1);
        if (end_of_page == rest.npos) end_of_page = rest.find('\n');
        reading.lines->sent += end_of_page + 1;
        session.answer_line(reading.answer, rest.substr(0, end_of_page));
        if (end_of_page + 1 == rest.size()) return end(session);
        session.flush();
        if (session.finished() || session.backlog() > page_size()) break;
    }
    reading.asked = false;
}

LineReply PastEvents::replay(ClientSession& session, std::size_t bytes, const Since& since,
                             const EventTypes& types, GoLive go_live) {
    if (store_ == nullptr) return replay_in_memory(session, bytes, since, types, go_live);
    return begin(session, bytes,
                 Reading{.filter = types, .since = since, .go_live = std::move(go_live)},
                 [since](EventStore& store) {
                     Begin begin;
                     if (const auto* time = std::get_if<WallTime>(&since)) {
                         begin.start = store.start(*time);
                     } else {
                         const auto& position = std::get<EventPosition>(since);
                         begin.known = store.knows(position.boot);
                         begin.start.after = position;
                     }
                     begin.problem = store.problem();
                     return begin;
                 });
}

LineReply PastEvents::begin(ClientSession& session, std::size_t bytes, Reading reading,
                            std::function<Begin(EventStore&)> question) {
    assert(readings_.count(session.id()) == 0);
    const auto answer = commands_.expect(session, bytes);
    if (!answer.id) return answer.refusal;
    reading.answer = *answer.id;
    session.hold_input();
    readings_.emplace(session.id(), std::move(reading));
    store_->ask<Begin>(std::move(question), [this, id = session.id(), answer = *answer.id](
                                                const Begin& begin) { begun(id, answer, begin); });
    return LineReply::later();
}

PastEvents::Reading* PastEvents::reading_of(SessionId id, CommandId answer) {
    if (sessions_.find(id) == nullptr) return nullptr;
    const auto found = readings_.find(id);
    return found == readings_.end() || found->second.answer != answer ? nullptr : &found->second;
}

void PastEvents::refuse(ClientSession& session, ErrorCode code, std::string_view why) {
    const CommandId answer = readings_.at(session.id()).answer;
    readings_.erase(session.id());
    session.finish_answer(answer, refusal(code, why));
    session.release_input();
}

void PastEvents::revoke(ClientSession& session, std::string_view why) {
    if (readings_.count(session.id()) > 0) refuse(session, ErrorCode::Denied, why);
}

void PastEvents::begun(SessionId id, CommandId answer, const Begin& begin) {
    Reading* found = reading_of(id, answer);
    if (found == nullptr) return;
    Reading& reading = *found;
    ClientSession* session = sessions_.find(id);
    if (!begin.problem.empty()) return end_from_memory(*session, begin.problem);
    if (!begin.known) return refuse(*session, ErrorCode::UnknownPlace, unknown_place);
    HistoryStart start = begin.start;
    const WallTime at = now().wall;
    if (!start.runs.empty() && start.runs.back().boot == log_.place().boot)
        start.runs.back().until = at;
    reading.at = start.after;
    if (!reading.go_live)
        session->answer_line(reading.answer, format_history_start(start, at));
    else if (!start.complete)
        session->answer_line(reading.answer, format_gap(start, 0));
    ask_for_page(id, reading);
}

void PastEvents::ask_for_page(SessionId id, Reading& reading) {
    reading.asked = true;
    store_->ask<EventPage>([at = reading.at, filter = reading.filter, bytes = page_size()](
                               EventStore& store) { return store.read(at, filter, bytes); },
                           [this, id, answer = reading.answer](const EventPage& page) {
                               take_page(id, answer, page);
                           });
}

void PastEvents::take_page(SessionId id, CommandId answer, const EventPage& page) {
    Reading* found = reading_of(id, answer);
    if (found == nullptr) return;
    Reading& reading = *found;
    ClientSession* session = sessions_.find(id);
    reading.at = page.last;
    if (!page.lines.empty()) session->answer_line(reading.answer, without_last_lf(page.lines));
    if (page.end && (!reading.go_live || add_newest(*session, reading))) {
        end(*session);
        return;
    }
    reading.asked = false;
    session->flush();
    on_changed(*session);
}

bool PastEvents::add_newest(ClientSession& session, const Reading& reading) {
    const EventPlace newest = log_.place();
    const std::uint64_t seq = reading.at.boot == newest.boot ? reading.at.seq : 0;
    const auto rest = log_.history().excerpt_behind(seq, reading.filter.types, page_size());
    if (!rest.complete) return false;
    for (const std::string& line : rest.lines) session.answer_line(reading.answer, line);
    return true;
}

void PastEvents::end(ClientSession& session) {
    const Reading reading = std::move(readings_.at(session.id()));
    readings_.erase(session.id());
    if (reading.go_live)
        reading.go_live(session);  // first, or a client that sends no more would be done
    session.finish_answer(reading.answer, reading.go_live ? "" : "done\n");
    session.release_input();
}

void PastEvents::on_changed(const ClientSession& session) {
    if (readings_.empty()) return;  // called for every line of every client
    const auto found = readings_.find(session.id());
    if (found == readings_.end() || found->second.asked || session.finished()) return;
    if (session.backlog() > page_size()) return;
    if (found->second.lines) {
        ClientSession* reader = sessions_.find(session.id());
        if (reader != nullptr) send_lines(*reader, found->second);
        return;
    }
    ask_for_page(session.id(), found->second);
}

void PastEvents::end_from_memory(ClientSession& session, const std::string& problem) {
    const Reading reading = std::move(readings_.at(session.id()));
    readings_.erase(session.id());
    std::string last = "done\n";
    if (!reading.go_live) {
        const auto* since = reading.since ? std::get_if<WallTime>(&*reading.since) : nullptr;
        session.answer_line(
            reading.answer,
            history_in_memory(since ? std::optional(*since) : std::nullopt, reading.filter));
    } else if (is_of_this_run(*reading.since)) {
        send_from_memory(session, reading.answer, *reading.since, reading.filter.types);
        reading.go_live(session);
        last.clear();
    } else {
        last = refusal(ErrorCode::Busy,
                       fmt::format("the history can't be read now ({}); try again later, or "
                                   "subscribe since a time",
                                   problem));
    }
    session.finish_answer(reading.answer, last);
    session.release_input();
}

std::string PastEvents::history_in_memory(std::optional<WallTime> since,
                                          const EventFilter& filter) const {
    const WallTime at = now().wall;
    auto excerpt = log_.history().excerpt(since, filter.types, room());
    excerpt.after.boot = log_.place().boot;
    excerpt.runs.push_back({excerpt.after.boot, log_.started(), at});
    std::string answer = format_history_start(excerpt, at);
    for (const std::string& event : excerpt.lines)
        if (filter.about_peer(event)) answer.append("\n").append(event);
    return answer;
}

bool PastEvents::is_of_this_run(const Since& since) const {
    const auto* position = std::get_if<EventPosition>(&since);
    return position == nullptr || position->boot == log_.place().boot;
}

LineReply PastEvents::replay_in_memory(ClientSession& session, std::size_t bytes,
                                       const Since& since, const EventTypes& types,
                                       const GoLive& go_live) {
    if (!is_of_this_run(since)) return LineReply::refused(ErrorCode::UnknownPlace, unknown_place);
    const auto answer = commands_.expect(session, bytes);
    if (!answer.id) return answer.refusal;
    send_from_memory(session, *answer.id, since, types);
    go_live(session);
    session.finish_answer(*answer.id, "");
    return LineReply::later();
}

void PastEvents::send_from_memory(ClientSession& session, CommandId answer, const Since& since,
                                  const EventTypes& types) const {
    const auto* position = std::get_if<EventPosition>(&since);
    auto excerpt = position != nullptr
                       ? log_.history().excerpt_behind(position->seq, types, room())
                       : log_.history().excerpt(std::get<WallTime>(since), types, room());
    excerpt.after.boot = log_.place().boot;
    if (!excerpt.complete) session.answer_line(answer, format_gap(excerpt, 0));
    for (const std::string& event : excerpt.lines) session.answer_line(answer, event);
}

}  // namespace exapulse
