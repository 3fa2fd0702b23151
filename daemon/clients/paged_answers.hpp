// SPDX-License-Identifier: BSD-3-Clause
// PagedAnswers: long answers of exapulsed's own, a page at a time, as fast as the client reads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/uv/loop.hpp"
#include "daemon/uv/next_turn.hpp"

namespace exapulse {

/// A client has one such answer under way at most: its further lines wait until it is complete, and
/// no more than two pages of it are in memory.
class PagedAnswers {
  public:
    struct Page {
        std::string lines{};  ///< whole ones, each with its LF
        bool last = false;    ///< nothing comes after it
    };
    using Take = std::function<void(Page)>;
    /// Gives the next page, of about `bytes`, to `take`: at once, or later from the loop. Not
    /// called again before it has.
    using Fetch = std::function<void(std::size_t bytes, Take take)>;

    /// All outlive it.
    PagedAnswers(uv::Loop& loop, SessionRegistry& sessions, ClientCommands& commands,
                 const Config& config)
        : sessions_(sessions),
          commands_(commands),
          config_(config),
          next_turn_(loop, [this] { fetch_all(); }) {}

    /// The answer to a line of `bytes` that needs the role `needed`.
    [[nodiscard]] LineReply begin(ClientSession& session, std::size_t bytes, Role needed,
                                  Fetch fetch);

    /// The client may have read something.
    void on_changed(const ClientSession& session);
    /// What the client may do has changed: an answer that it may have no longer ends as denied.
    void on_grant(ClientSession& session);
    void on_closed(const ClientSession& session) { answers_.erase(session.id()); }

  private:
    struct Answer {
        CommandId id = 0;
        Role needed = Role::Admin;
        std::shared_ptr<Fetch> fetch{};
        bool fetching = false;
    };
    void fetch_all();
    void take(SessionId session, CommandId id, const Page& page);
    void end(ClientSession& session, std::string_view last_lines);
    [[nodiscard]] std::size_t page_size() const;

    SessionRegistry& sessions_;
    ClientCommands& commands_;
    const Config& config_;
    std::unordered_map<SessionId, Answer> answers_;
    uv::NextTurn next_turn_;
};

}  // namespace exapulse
