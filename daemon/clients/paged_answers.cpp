// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/paged_answers.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace exapulse {

namespace {

/// Takes about a millisecond to make, during which no other client is served unless the store's
/// thread makes it.
constexpr std::size_t most_per_page = 64U << 10;

}  // namespace

std::size_t PagedAnswers::page_size() const {
    return std::min<std::size_t>(most_per_page, config_.limits.client_backlog / 4);
}

LineReply PagedAnswers::begin(ClientSession& session, std::size_t bytes, Role needed, Fetch fetch,
                              GoLive go_live) {
    assert(answers_.count(session.id()) == 0);
    const auto expected = commands_.expect(session, bytes);
    if (!expected.id) return expected.refusal;
    session.hold_input();
    answers_.emplace(session.id(),
                     Answer{*expected.id, needed, std::make_shared<Fetch>(std::move(fetch)),
                            std::move(go_live), false});
    make_due(session.id());
    return LineReply::pages();
}

void PagedAnswers::make_due(SessionId id) {
    due_.insert(id);
    next_turn_.ask();
}

void PagedAnswers::on_changed(const ClientSession& session) {
    if (answers_.empty()) return;  // called for every line of every client
    const auto found = answers_.find(session.id());
    if (found != answers_.end() && !found->second.fetching) make_due(session.id());
}

void PagedAnswers::fetch_due() {
    for (const SessionId id : std::exchange(due_, {})) {
        const ClientSession* session = sessions_.find(id);
        const auto found = answers_.find(id);
        if (session == nullptr || found == answers_.end() || found->second.fetching ||
            session->backlog() > page_size())
            continue;
        Answer& answer = found->second;
        answer.fetching = true;
        // take() may end the answer within this call.
        const std::shared_ptr<Fetch> fetch = answer.fetch;
        (*fetch)(page_size(),
                 [this, id, command = answer.id](const Page& page) { take(id, command, page); });
    }
}

void PagedAnswers::take(SessionId id, CommandId command, const Page& page) {
    ClientSession* session = sessions_.find(id);
    const auto found = answers_.find(id);
    if (session == nullptr || found == answers_.end() || found->second.id != command) return;
    assert(found->second.fetching);
    if (!page.lines.empty()) {
        assert(page.lines.ends_with('\n'));
        session->answer_line(command,
                             std::string_view(page.lines).substr(0, page.lines.size() - 1));
        if (session->finished()) return;
    }
    if (page.last) return end(*session, page.error);
    session->flush();
    found->second.fetching = false;
    make_due(id);
}

void PagedAnswers::on_grant(ClientSession& session) {
    const auto found = answers_.find(session.id());
    if (found == answers_.end() || session.grant().role >= found->second.needed) return;
    end(session, refusal(ErrorCode::Denied,
                         fmt::format("the role {} was taken away", name_of(found->second.needed))));
}

void PagedAnswers::end(ClientSession& session, std::string_view error) {
    const Answer answer = std::move(answers_.at(session.id()));
    answers_.erase(session.id());
    const bool live = error.empty() && answer.go_live;
    if (live) answer.go_live(session);  // first, or a client that sends no more would be done
    session.finish_answer(answer.id, live ? "" : error.empty() ? "done\n" : error);
    session.release_input();
}

}  // namespace exapulse
