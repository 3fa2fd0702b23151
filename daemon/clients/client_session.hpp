// SPDX-License-Identifier: BSD-3-Clause
// ClientSession: one client on exapulsed's socket, from its first byte to its last answer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/line_framer.hpp"
#include "daemon/clients/peer_credentials.hpp"
#include "daemon/clients/session_answers.hpp"
#include "daemon/clients/user_account.hpp"
#include "daemon/config.hpp"
#include "daemon/events/event.hpp"
#include "daemon/uv/pipe.hpp"

namespace exapulse {

/// Sends its answers in the order of its lines, keeps its backlog bounded, and never waits for the
/// client. It does not die by itself: it becomes finished(), and its registry removes it once the
/// stack is unwound.
///
///     Open --subscribe--> Subscribed
///       '--half-close--> Draining    its answers are still wanted
///     any --> Finished
class ClientSession {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        /// One line from the client, or what could be kept of one that is too long.
        virtual void on_request(ClientSession& session, const LineFramer::Line& line) = 0;
        /// It has read something: work() is to be called for it.
        virtual void on_session_input(ClientSession& session) = 0;
        /// It has something to flush(), to catch up on or to be removed at the end of the turn.
        virtual void on_session_changed(ClientSession& session) = 0;
    };

    using Limits = decltype(Config::limits);

    /// `peer` is who is at the other end of `pipe`, and `account` that user's. `limits` and
    /// `listener` must outlive the session.
    ClientSession(SessionId id, std::unique_ptr<uv::Pipe> pipe, PeerCredentials peer,
                  std::shared_ptr<UserAccount> account, const Limits& limits, Listener& listener,
                  WallTime since);

    void start();
    /// Handles lines that it has read, one at least, until `until`. True when more are left for a
    /// further call.
    [[nodiscard]] bool work(TimePoint until);

    /// An answer of exapulsed's own to the line now handled: whole lines, the terminator included.
    void answer(std::string text);
    /// The line now handled went to ExaBGP.
    void expect(CommandId command, std::size_t bytes);
    void answer_line(CommandId command, std::string_view line);
    void finish_answer(CommandId command, std::string_view last_lines);
    /// Ends every answer that is not complete with `last_lines`; what still comes is thrown away.
    void finish_answers(std::string_view last_lines);
    /// False when one more command would pass a limit; `why` then names it.
    [[nodiscard]] bool may_expect(std::size_t bytes, std::string& why) const;

    /// From here on only events: `snapshot` first, then those of `types`.
    void subscribe(const EventTypes& types, const std::string& snapshot);
    /// Sends the event if it is subscribed to, or counts it as dropped where the backlog is full.
    void offer(const Event& event, const EventPlace& place, const std::string& line);

    /// Writes what has gathered; cuts the client whose backlog is over the limit.
    void flush();
    /// Tells a subscriber what it has missed, once there is room again.
    void catch_up(const Event& lagged, std::string_view boot);
    /// Notices a client that has gone where nothing is read from it any more.
    void check_peer();
    /// As finish(); the client is told why where that can't be taken for an answer.
    void cut(std::string_view why);
    void finish(std::string_view reason);

    /// What it has subscribed to, for as long as it exists.
    [[nodiscard]] const EventTypes& types() const { return types_; }
    [[nodiscard]] SessionId id() const { return id_; }
    [[nodiscard]] const PeerCredentials& peer() const { return peer_; }
    [[nodiscard]] WallTime since() const { return since_; }
    [[nodiscard]] std::uint64_t commands() const { return commands_; }
    [[nodiscard]] std::size_t pending() const { return answers_.size(); }
    [[nodiscard]] bool subscribed() const { return state_ == State::Subscribed; }
    [[nodiscard]] bool finished() const { return state_ == State::Finished; }
    /// Finished because the client has left: the commands that wait for ExaBGP are still wanted.
    [[nodiscard]] bool left() const { return left_; }
    [[nodiscard]] const std::shared_ptr<UserAccount>& account() const { return memory_.account(); }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_total_; }
    [[nodiscard]] bool lagging() const { return lag_.count > 0; }
    [[nodiscard]] std::uint64_t backlog() const {
        return out_.size() + answers_.bytes() + pipe_->unsent();
    }
    /// For the log; `user` is the name of its user, where that is known.
    [[nodiscard]] std::string describe(std::string_view user = {}) const;

  private:
    enum class State { Open, Subscribed, Draining, Finished };

    void read(std::string_view bytes, std::error_code error);
    void end_of_input();
    void depart();
    void send(std::string_view text);
    void send_answers(std::string_view ready);
    void end_if_answered();
    void drop_input();
    /// It is to read its answers before more of its lines are handled.
    [[nodiscard]] bool blocked() const;
    [[nodiscard]] bool has_input() const { return taken_ < input_.size(); }
    void pace_reading();
    void ask_for_work();
    /// Puts what is kept for the client to its user's account.
    void settle_account();
    /// Its user has no memory left for what it asks.
    [[nodiscard]] bool short_of_memory() const;
    void handle(const LineFramer::Line& line);
    [[nodiscard]] bool may_log() const;

    SessionId id_;
    std::unique_ptr<uv::Pipe> pipe_;
    const Limits& limits_;
    Listener& listener_;
    PeerCredentials peer_;
    WallTime since_;
    State state_ = State::Open;
    LineFramer framer_;
    std::string input_;  // read, and not yet given to the framer from `taken_` on
    std::size_t taken_ = 0;
    bool input_ended_ = false;  // nothing comes after input_
    bool due_ = false;          // work() is going to be called
    bool deaf_ = false;         // it takes no more answers
    bool left_ = false;
    Charge memory_;
    SessionAnswers answers_;
    std::string out_;  // gathered during this turn of the loop
    bool reading_ = false;
    std::uint64_t commands_ = 0;

    EventTypes types_;
    struct {
        std::uint64_t count = 0;
        std::uint64_t last_seq = 0;
    } lag_;
    std::uint64_t dropped_total_ = 0;
};

}  // namespace exapulse
