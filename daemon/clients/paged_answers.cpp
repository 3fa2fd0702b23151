// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/paged_answers.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace exapulse {

namespace {

/// Takes about a millisecond to make, in which nobody else is served.
constexpr std::size_t most_per_page = 64U << 10;

}  // namespace

std::size_t PagedAnswers::page_size() const {
    return std::min<std::size_t>(most_per_page, config_.limits.client_backlog / 4);
}

LineReply PagedAnswers::begin(ClientSession& session, std::size_t bytes, Role needed, Fetch fetch) {
    assert(answers_.count(session.id()) == 0);
    const auto expected = commands_.expect(session, bytes);
    if (!expected.id) return expected.refusal;
    session.hold_input();
    answers_.emplace(session.id(), Answer{*expected.id, needed,
                                          std::make_shared<Fetch>(std::move(fetch)), false});
    next_turn_.ask();
    return LineReply::pages();
}

void PagedAnswers::on_changed(const ClientSession& session) {
    if (answers_.empty()) return;  // called for every line of every client
    const auto found = answers_.find(session.id());
    if (found != answers_.end() && !found->second.fetching) next_turn_.ask();
}

void PagedAnswers::fetch_all() {
    std::vector<SessionId> due;  // a page that comes at once may end its answer
    for (const auto& [id, answer] : answers_)
        if (!answer.fetching) due.push_back(id);
    for (const SessionId id : due) {
        const ClientSession* session = sessions_.find(id);
        const auto found = answers_.find(id);
        if (session == nullptr || found == answers_.end() || session->backlog() > page_size())
            continue;
        Answer& answer = found->second;
        answer.fetching = true;
        const std::shared_ptr<Fetch> fetch = answer.fetch;
        (*fetch)(page_size(),
                 [this, id, command = answer.id](const Page& page) { take(id, command, page); });
    }
}

void PagedAnswers::take(SessionId id, CommandId command, const Page& page) {
    ClientSession* session = sessions_.find(id);
    const auto found = answers_.find(id);
    if (session == nullptr || found == answers_.end() || found->second.id != command) return;
    found->second.fetching = false;
    if (!page.lines.empty()) {
        assert(page.lines.ends_with('\n'));
        session->answer_line(command,
                             std::string_view(page.lines).substr(0, page.lines.size() - 1));
    }
    if (page.last) {
        end(*session, "done\n");
        return;
    }
    session->flush();
    next_turn_.ask();
}

void PagedAnswers::on_grant(ClientSession& session) {
    const auto found = answers_.find(session.id());
    if (found == answers_.end() || session.grant().role >= found->second.needed) return;
    end(session, refusal(ErrorCode::Denied,
                         fmt::format("the answer ends here: it needs the role {}, which was taken "
                                     "away",
                                     name_of(found->second.needed))));
}

void PagedAnswers::end(ClientSession& session, std::string_view last_lines) {
    const CommandId id = answers_.at(session.id()).id;
    answers_.erase(session.id());
    session.finish_answer(id, last_lines);
    session.release_input();
}

}  // namespace exapulse
