// SPDX-License-Identifier: BSD-3-Clause
// ClientSession: one client on exapulsed's socket, from its first byte to its last answer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/line_framer.hpp"
#include "daemon/access/policy.hpp"
#include "daemon/clients/peer_credentials.hpp"
#include "daemon/clients/session_answers.hpp"
#include "daemon/clients/session_state.hpp"
#include "daemon/clients/user_account.hpp"
#include "daemon/config/config.hpp"
#include "daemon/events/event.hpp"
#include "daemon/uv/pipe.hpp"

namespace exapulse {

/// Sends its answers in the order of its lines, keeps its backlog bounded, and never waits for the
/// client. It does not die by itself: it becomes finished(), and its registry removes it once the
/// stack is unwound. A client that has nothing under way takes as little memory as it can: there
/// may be ten thousand of them.
///
///     Open --subscribe--> Subscribed
///       '--half-close--> Draining    its answers are still wanted
///     any --> Finished
class ClientSession final : private uv::Pipe::Owner {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        /// One line from the client, or what could be kept of one that is too long.
        virtual void on_request(ClientSession& session, const LineFramer::Line& line) = 0;
        /// It has read something: work() is to be called for it.
        virtual void on_session_input(ClientSession& session) = 0;
        /// full() has changed.
        virtual void on_reader_changed(ClientSession& session) = 0;
        /// It has something to flush(), to catch up on or to be removed at the end of the turn.
        virtual void on_session_changed(ClientSession& session) = 0;
    };

    using Limits = decltype(Config::limits);

    /// `peer` is who is at the other end of `pipe`, `grant` what they may do, and `account` that
    /// user's. `listener` must outlive the session.
    ClientSession(SessionId id, uv::Pipe pipe, PeerCredentials peer,
                  std::shared_ptr<const Grant> grant, AccountRef account, Listener& listener,
                  WallTime since);

    void start();
    /// Handles lines that it has read, one at least, for about `slice`. True when more are left for
    /// a further call. `now` is the time, and is asked for only once something has taken some.
    [[nodiscard]] bool work(TimePoint& now, std::chrono::microseconds slice);

    /// An answer of exapulsed's own to the line now handled: `lines`, each with its LF, and, unless
    /// the client has switched its acks off, `done` or `error`.
    void answer(std::string lines, bool done);
    /// The same with a reason, which counts as part of the ack.
    void refuse(ErrorCode code, std::string_view why);
    /// The line now handled went to ExaBGP.
    void expect(CommandId command, std::size_t bytes);
    void answer_line(CommandId command, std::string_view line);
    /// Whether its user may have so much more memory for a line.
    [[nodiscard]] bool has_room_for_line(std::size_t bytes) const;
    void finish_answer(CommandId command, std::string_view last_lines);
    /// Ends every answer that is not complete with `last_lines`; what still comes is thrown away.
    void finish_answers(std::string_view last_lines);
    /// False when one more command would pass a limit; `why` then names it.
    [[nodiscard]] bool may_expect(std::size_t bytes, std::string& why) const;

    /// What the client has set for itself alone; nullptr: nothing, all is as it is at first.
    [[nodiscard]] const SessionState* own_state() const {
        return rare_ && rare_->state ? &*rare_->state : nullptr;
    }
    /// The same to be changed; settle_state() is to be called afterwards.
    [[nodiscard]] SessionState& change_state();
    void settle_state();

    /// Handles none of its lines until release_input(): one of them is still being answered.
    void hold_input() { held_ = true; }
    void release_input();

    /// From here on only events: `snapshot` first, then those of `types`.
    void subscribe(const EventTypes& types, const std::string& snapshot);
    /// Sends `lines`, events of the types it has subscribed to; false where its backlog has no room
    /// for all of them.
    [[nodiscard]] bool offer(std::string_view lines);
    /// As offer(), with a single event, number `seq`; it counts as dropped where there is no room.
    void offer_or_drop(std::string_view line, std::uint64_t seq);

    /// Writes what has gathered.
    void flush();
    /// Frees the memory that is needed only while something is under way.
    void rest();
    /// Tells a subscriber what it has missed, once there is room again.
    void catch_up(const Event& lagged, std::string_view boot);
    /// Notices a client that has gone where nothing is read from it any more.
    void check_peer();
    /// Whether check_peer() or catch_up() may find something that nothing else brings up.
    [[nodiscard]] bool needs_care() const { return !finished() && (!reading_ || lagging()); }
    /// As finish(); the client is told why where that can't be taken for an answer.
    void cut(std::string_view why);
    void finish(std::string_view reason);

    /// What it has subscribed to, for as long as it exists.
    [[nodiscard]] EventTypes types() const { return types_; }
    [[nodiscard]] SessionId id() const { return id_; }
    [[nodiscard]] const PeerCredentials& peer() const { return peer_; }
    /// Who the client is, for a decision about its rights.
    [[nodiscard]] Caller caller() const;
    [[nodiscard]] const Grant& grant() const { return *grant_; }
    void set_grant(std::shared_ptr<const Grant> grant) { grant_ = std::move(grant); }
    [[nodiscard]] WallTime since() const { return since_; }
    [[nodiscard]] std::uint64_t commands() const { return commands_; }
    [[nodiscard]] std::size_t pending() const { return traffic_ ? traffic_->answers.size() : 0; }
    [[nodiscard]] bool subscribed() const { return state_ == State::Subscribed; }
    [[nodiscard]] bool finished() const { return state_ == State::Finished; }
    /// Finished because the client has left: the commands that wait for ExaBGP are still wanted.
    [[nodiscard]] bool left() const { return left_; }
    [[nodiscard]] const AccountRef& account() const { return memory_.account(); }
    [[nodiscard]] std::uint64_t dropped() const { return rare_ ? rare_->lag.in_all : 0; }
    [[nodiscard]] bool lagging() const { return rare_ && rare_->lag.count > 0; }
    [[nodiscard]] std::uint64_t backlog() const;
    /// It has as many unread answers as it may have: it should get no more until it has read some.
    [[nodiscard]] bool full() const { return full_; }
    /// For the log; `user` is the name of its user, where that is known.
    [[nodiscard]] std::string describe(std::string_view user = {}) const;

    /// Where its registry finds it among the subscribers.
    [[nodiscard]] std::uint32_t place() const { return place_; }
    void set_place(std::uint32_t place) { place_ = place; }
    /// Whether its registry has noted that it has changed; returns whether it had before.
    bool note_changed(bool changed) {
        const bool before = noted_;
        noted_ = changed;
        return before;
    }

  private:
    enum class State : std::uint8_t { Open, Subscribed, Draining, Finished };

    /// What is kept while something is under way.
    struct Traffic {
        explicit Traffic(std::size_t line_length) : framer(line_length) {}
        LineFramer framer;
        std::string input{};  // read, and not yet given to the framer from `taken` on
        std::size_t taken = 0;
        SessionAnswers answers{};
        std::string out{};  // gathered during this turn of the loop

        [[nodiscard]] bool has_input() const { return taken < input.size(); }
        [[nodiscard]] bool empty() const {
            return !has_input() && framer.partial() == 0 && answers.empty() && out.empty();
        }
    };
    struct Lag {
        std::uint64_t count = 0;  // events that it has not been told of
        std::uint64_t last_seq = 0;
        std::uint64_t in_all = 0;
    };
    /// What few clients need.
    struct Rare {
        Lag lag{};                            // all 0: it has read all events so far
        std::optional<SessionState> state{};  // nullopt: as it is at first
    };

    void on_read(std::string_view bytes, std::error_code error) override;
    void on_sent() override;
    [[nodiscard]] Traffic& traffic();
    [[nodiscard]] const Limits& limits() const { return account()->limits(); }
    void end_of_input();
    void depart();
    void send(std::string_view text);
    /// Whole lines, after the answers before them.
    void add_lines(std::string lines);
    [[nodiscard]] bool acks() const { return own_state() == nullptr || own_state()->acks; }
    [[nodiscard]] Rare& rare();
    void send_answers(std::string_view ready);
    void end_if_answered();
    void drop_input();
    /// Whether the backlog has no room for so many more bytes of events.
    [[nodiscard]] bool no_room_for(std::size_t bytes) const;
    /// What it has been sent and has not read, as far as that is known.
    [[nodiscard]] std::uint64_t unread() const;
    void note_full();
    /// It is to read its answers before more of its lines are handled.
    [[nodiscard]] bool blocked() const;
    [[nodiscard]] bool has_input() const { return traffic_ && traffic_->has_input(); }
    void pace_reading();
    void ask_for_work();
    /// Puts what is kept for the client to its user's account.
    void settle_account();
    /// Its user has no memory left for what it asks.
    [[nodiscard]] bool short_of_memory() const;
    void handle(const LineFramer::Line& line);
    [[nodiscard]] bool may_log() const;

    // In this order the members need the least padding.
    SessionId id_;
    uv::Pipe pipe_;
    Listener& listener_;
    PeerCredentials peer_;
    std::uint32_t place_ = 0;
    std::shared_ptr<const Grant> grant_;  // never null
    State state_ = State::Open;
    bool input_ended_ : 1 = false;  // nothing comes after what has been read
    bool due_ : 1 = false;          // work() is going to be called
    bool deaf_ : 1 = false;         // it takes no more answers
    bool left_ : 1 = false;
    bool reading_ : 1 = false;
    bool own_answer_ : 1 = false;  // exapulsed has answered a line by itself
    bool noted_ : 1 = false;       // among the changed ones of its registry
    bool held_ : 1 = false;        // its next line waits for an answer of exapulsed's own
    bool full_ : 1 = false;        // see full()
    std::uint32_t types_ = 0;      // as EventTypes
    WallTime since_;
    Charge memory_;
    std::uint64_t commands_ = 0;
    std::unique_ptr<Traffic> traffic_;  // nullptr: nothing is under way
    std::unique_ptr<Rare> rare_;        // nullptr: none of it is needed
};

/// An idle client takes at most 512 bytes, most of them for libuv's handle. Its session is in a
/// node of its registry's table, for which malloc(3) takes 176 bytes; one more here, and it takes
/// 192.
static_assert(sizeof(void*) != 8 || sizeof(ClientSession) <= 152);

}  // namespace exapulse
