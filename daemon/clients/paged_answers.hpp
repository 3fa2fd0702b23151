// SPDX-License-Identifier: BSD-3-Clause
// PagedAnswers: exapulsed's own long answers, one page at a time, as fast as the client reads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/uv/loop.hpp"
#include "daemon/uv/next_turn.hpp"

namespace exapulse {

/// A client has at most one such answer in progress: its further lines wait until it is complete,
/// and no more than two pages of it are in memory. An answer that needs a role which the client no
/// longer has ends as denied.
class PagedAnswers {
  public:
    struct Page {
        std::string lines{};  ///< whole ones, each with its LF
        bool last = false;    ///< no page follows
        std::string error{};  ///< of the last page: a refusal(), which ends the answer
    };
    using Take = std::function<void(Page)>;
    /// Gives the next page, of about `bytes`, to `take`: at once, or later from the loop. Not
    /// called again before it has.
    using Fetch = std::function<void(std::size_t bytes, Take take)>;
    /// Called right after the last page was taken, unless it had an error: from then on the session
    /// is sent events as they happen. Its answer ends without `done`.
    using GoLive = std::function<void(ClientSession&)>;

    /// All outlive it.
    PagedAnswers(uv::Loop& loop, SessionRegistry& sessions, ClientCommands& commands,
                 const Config& config)
        : sessions_(sessions),
          commands_(commands),
          config_(config),
          next_turn_(loop, [this] { fetch_due(); }) {}

    /// The answer to a line of `bytes` that needs the role `needed`.
    [[nodiscard]] LineReply begin(ClientSession& session, std::size_t bytes, Role needed,
                                  Fetch fetch, GoLive go_live = {});

    /// The client may have read something.
    void on_changed(const ClientSession& session);
    /// What the client may do has changed.
    void on_grant(ClientSession& session);
    void on_closed(const ClientSession& session) { answers_.erase(session.id()); }

  private:
    struct Answer {
        CommandId id = 0;
        Role needed = Role::Admin;
        std::shared_ptr<Fetch> fetch{};
        GoLive go_live{};  // empty: the answer ends with `done`
        bool fetching = false;
    };
    void make_due(SessionId id);
    void fetch_due();
    void take(SessionId id, CommandId command, const Page& page);
    void end(ClientSession& session, std::string_view error);
    [[nodiscard]] std::size_t page_size() const;

    SessionRegistry& sessions_;
    ClientCommands& commands_;
    const Config& config_;
    std::unordered_map<SessionId, Answer> answers_;
    std::unordered_set<SessionId> due_;  // to be sent a page if the client has read enough
    uv::NextTurn next_turn_;
};

}  // namespace exapulse
