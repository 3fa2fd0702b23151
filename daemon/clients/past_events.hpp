// SPDX-License-Identifier: BSD-3-Clause
// PastEvents: answers from the store, a page at a time, as fast as the client reads them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "daemon/clients/client_commands.hpp"
#include "daemon/clients/line_reply.hpp"
#include "daemon/clients/session_registry.hpp"
#include "daemon/events/event_log.hpp"
#include "daemon/store/store_thread.hpp"

namespace exapulse {

/// A client has one answer of this kind under way at most: its further lines wait until it is
/// complete, and no more than a page of it is in memory. While the file can't be used, or without
/// one, answers are from what is kept in memory of this run of exapulsed.
class PastEvents {
  public:
    /// `store`: nullptr where events are kept in memory only. All outlive it.
    PastEvents(StoreThread* store, const EventLog& log, SessionRegistry& sessions,
               ClientCommands& commands, const Config& config)
        : store_(store), log_(log), sessions_(sessions), commands_(commands), config_(config) {}

    /// Since a time, or behind an event.
    using Since = std::variant<WallTime, EventPosition>;
    /// Called once nothing is missing any more: from then on the session gets events as they come.
    using GoLive = std::function<void(ClientSession&)>;

    /// The answer to `sidecar history`: all there is, or since a time. `bytes`: of the line.
    [[nodiscard]] LineReply history(ClientSession& session, std::size_t bytes,
                                    std::optional<WallTime> since, const EventFilter& filter);
    /// The answer to `sidecar uptime`.
    [[nodiscard]] LineReply peers_uptime(ClientSession& session, std::size_t bytes,
                                         UptimeQuestion question);
    /// What a stream that begins `since` then has to catch up on.
    [[nodiscard]] LineReply replay(ClientSession& session, std::size_t bytes, const Since& since,
                                   const EventTypes& types, GoLive go_live);

    /// Ends an answer that the client may no longer have, and says why.
    void revoke(ClientSession& session, std::string_view why);
    /// The client may have read something.
    void on_changed(const ClientSession& session);
    void on_closed(const ClientSession& session) { readings_.erase(session.id()); }

  private:
    /// Lines that are all there, and are sent as the client reads.
    struct Lines {
        std::string text{};  // with an LF behind each
        std::size_t sent = 0;
    };

    struct Reading {
        CommandId answer = 0;
        EventFilter filter{EventTypes{}};
        std::optional<Since> since{};
        GoLive go_live{};  // empty: the answer ends with `done`
        EventPosition at{};
        std::optional<Lines> lines{};  // instead of pages from the store
        bool asked = true;             // the store has been asked and has not answered yet
    };
    struct Begin {
        std::string problem{};  // why the file can't be used now; empty while it is
        bool known = true;      // the event that the client named, or rather its run
        HistoryStart start{};
    };

    [[nodiscard]] LineReply begin(ClientSession& session, std::size_t bytes, Reading reading,
                                  std::function<Begin(EventStore&)> question);
    /// nullptr: the answer has been given, or given up, meanwhile.
    [[nodiscard]] Reading* reading_of(SessionId id, CommandId answer);
    void begun(SessionId id, CommandId answer, const Begin& begin);
    void ask_for_page(SessionId id, Reading& reading);
    void take_page(SessionId id, CommandId answer, const EventPage& page);
    void take_uptime(SessionId id, CommandId answer, std::string lines);
    void send_lines(ClientSession& session, Reading& reading);
    void refuse(ClientSession& session, ErrorCode code, std::string_view why);
    void end(ClientSession& session);
    void end_from_memory(ClientSession& session, const std::string& problem);
    /// Events that came after the store had answered; false: ask it again.
    [[nodiscard]] bool add_newest(ClientSession& session, const Reading& reading);

    [[nodiscard]] std::string history_in_memory(std::optional<WallTime> since,
                                                const EventFilter& filter) const;
    [[nodiscard]] LineReply replay_in_memory(ClientSession& session, std::size_t bytes,
                                             const Since& since, const EventTypes& types,
                                             const GoLive& go_live);
    void send_from_memory(ClientSession& session, CommandId answer, const Since& since,
                          const EventTypes& types) const;
    [[nodiscard]] bool is_of_this_run(const Since& since) const;
    [[nodiscard]] std::size_t page_size() const;
    /// What a client may be sent at once without being cut.
    [[nodiscard]] std::size_t room() const { return config_.limits.client_backlog / 2; }

    StoreThread* store_;
    const EventLog& log_;
    SessionRegistry& sessions_;
    ClientCommands& commands_;
    const Config& config_;
    std::unordered_map<SessionId, Reading> readings_;
};

}  // namespace exapulse
