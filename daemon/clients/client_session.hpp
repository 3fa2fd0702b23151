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
#include "daemon/clients/event_lag.hpp"
#include "daemon/clients/lazy.hpp"
#include "daemon/clients/peer_credentials.hpp"
#include "daemon/clients/session_answers.hpp"
#include "daemon/clients/session_input.hpp"
#include "daemon/clients/session_room.hpp"
#include "daemon/clients/session_state.hpp"
#include "daemon/clients/user_account.hpp"
#include "daemon/config/config.hpp"
#include "daemon/events/event.hpp"
#include "daemon/uv/pipe.hpp"

namespace exapulse {

/// Sends answers in the order of the client's lines, keeps its backlog bounded, and never waits for
/// the client. When it has ended it is finished(), and its registry removes it at the end of the
/// turn. It frees what it does not need while idle, since there may be ten thousand clients.
///
///     Open --subscribe--> Subscribed
///       '--half-close--> Draining    its answers are still wanted
///     any --> Finished
class ClientSession final : private uv::Pipe::Owner {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        /// One line from the client, or the beginning of one that is too long.
        virtual void on_request(ClientSession& session, const LineFramer::Line& line) = 0;
        /// It has read something: work() must be called.
        virtual void on_session_input(ClientSession& session) = 0;
        /// full() has changed.
        virtual void on_reader_changed(ClientSession& session) = 0;
        /// At the end of the turn flush() must be called, or catch_up(), or the session removed.
        virtual void on_session_changed(ClientSession& session) = 0;
    };

    using Limits = decltype(Config::limits);

    /// `peer` is the client at the other end of `pipe`, `grant` what it may do, and `account` that
    /// of its user. `listener` must outlive the session.
    ClientSession(SessionId id, uv::Pipe pipe, PeerCredentials peer,
                  std::shared_ptr<const Grant> grant, AccountRef account, Listener& listener,
                  WallTime since);

    void start();
    /// Handles lines that were read, at least one, for about `slice`. Returns whether lines are
    /// left for another call. `now` is the time, which is updated if handling them took some.
    [[nodiscard]] bool work(TimePoint& now, std::chrono::microseconds slice);

    /// exapulsed's own answer to the current line: `lines`, each with its LF, followed by `done` or
    /// `error` unless the client has switched acks off.
    void answer(std::string lines, bool done);
    /// Answers with an error and `error`, unless the client has switched acks off.
    void refuse(ErrorCode code, std::string_view why);
    /// The current line was sent to the queue for ExaBGP.
    void expect(CommandId command, std::size_t bytes);
    void answer_line(CommandId command, std::string_view line);
    void finish_answer(CommandId command, std::string_view last_lines);
    /// Ends every incomplete answer with `last_lines`; the rest of it will be discarded.
    void finish_answers(std::string_view last_lines);
    /// What it may still send and be sent. Use it at once: it has references.
    [[nodiscard]] SessionRoom room() const;

    /// The client's own settings; nullptr: the defaults.
    [[nodiscard]] const SessionState* own_state() const {
        return rare_->state ? &*rare_->state : nullptr;
    }
    /// To change them; call settle_state() afterwards.
    [[nodiscard]] SessionState& change_state();
    void settle_state();

    /// Handles no further line until release_input(), since one is still being answered.
    void hold_input() { held_ = true; }
    void release_input();

    /// From now on the client gets only events: `snapshot` first, then those of `types`.
    void subscribe(const EventTypes& types, const std::string& snapshot);
    /// Sends `lines`, events of the types subscribed to; false if the backlog has no room for all
    /// of them.
    [[nodiscard]] bool offer(std::string_view lines);
    /// The same for a single event, number `seq`, which is counted as dropped if there is no room.
    void offer_or_drop(std::string_view line, std::uint64_t seq);

    /// Writes what was sent during this turn.
    void flush();
    /// Frees memory that is not needed while idle.
    void rest();
    /// Notifies a subscriber of the events it has missed, if there is room again.
    void catch_up(const Event& lagged, std::string_view boot);
    /// Notices that the client has disconnected while nothing is read from it.
    void check_peer();
    /// Whether check_peer() or catch_up() must be called from time to time.
    [[nodiscard]] bool needs_checks() const { return !finished() && (!reading_ || lagging()); }
    /// As finish(), but sends `why` first if no answer is expected that it could be taken for.
    void cut(std::string_view why);
    void finish(std::string_view reason);

    /// The types subscribed to, also once it has finished.
    [[nodiscard]] EventTypes types() const { return types_; }
    [[nodiscard]] SessionId id() const { return id_; }
    [[nodiscard]] const PeerCredentials& peer() const { return peer_; }
    /// The client's identity, on which its rights depend.
    [[nodiscard]] Caller caller() const;
    [[nodiscard]] const Grant& grant() const { return *grant_; }
    void set_grant(std::shared_ptr<const Grant> grant) { grant_ = std::move(grant); }
    [[nodiscard]] WallTime since() const { return since_; }
    [[nodiscard]] std::uint64_t commands() const { return commands_; }
    [[nodiscard]] std::size_t pending() const { return traffic_->answers.size(); }
    [[nodiscard]] bool subscribed() const { return state_ == State::Subscribed; }
    [[nodiscard]] bool finished() const { return state_ == State::Finished; }
    /// Finished because the client disconnected: its waiting commands are still to be executed.
    [[nodiscard]] bool left() const { return left_; }
    [[nodiscard]] const AccountRef& account() const { return memory_.account(); }
    [[nodiscard]] std::uint64_t dropped() const { return rare_->lag.in_all(); }
    [[nodiscard]] bool lagging() const { return rare_->lag.any(); }
    [[nodiscard]] std::uint64_t backlog() const;
    /// Whether it has as many unread answers as allowed: it must get no more until it has read
    /// some.
    [[nodiscard]] bool full() const { return full_; }
    /// For the log; `user` is the name of its user, if known.
    [[nodiscard]] std::string describe(std::string_view user = {}) const;

    /// Its index among the registry's subscribers.
    [[nodiscard]] std::uint32_t place() const { return place_; }
    void set_place(std::uint32_t place) { place_ = place; }
    /// Marks it as one of the registry's changed sessions, or not; returns whether it was before.
    bool note_changed(bool changed) {
        const bool before = noted_;
        noted_ = changed;
        return before;
    }

  private:
    enum class State : std::uint8_t { Open, Subscribed, Draining, Finished };

    /// What is needed only while the client is not idle.
    struct Traffic {
        SessionInput input{};
        SessionAnswers answers{};
        std::string out{};  // gathered during this turn of the loop

        [[nodiscard]] bool empty() const { return input.empty() && answers.empty() && out.empty(); }
        [[nodiscard]] std::size_t memory() const {
            return input.memory() + answers.memory() + out.size();
        }
    };
    /// What few clients need.
    struct Rare {
        EventLag lag{};
        std::optional<SessionState> state{};  // nullopt: the defaults
    };

    void on_read(std::string_view bytes, std::error_code error) override;
    void on_sent() override;
    [[nodiscard]] const Limits& limits() const { return account()->limits(); }
    void end_of_input();
    void depart();
    void send(std::string_view text);
    /// Whole lines, after the answers before them.
    void add_lines(std::string lines);
    [[nodiscard]] bool acks() const { return own_state() == nullptr || own_state()->acks; }
    void send_answers(std::string_view ready);
    void end_if_answered();
    /// Bytes sent to the client and not taken by the kernel yet.
    [[nodiscard]] std::uint64_t unread() const;
    void note_full();
    /// Whether its next line must wait.
    [[nodiscard]] bool blocked() const;
    [[nodiscard]] bool has_input() const { return traffic_->input.left() > 0; }
    void pace_reading();
    void ask_for_work();
    /// Charges the memory used for the client to its user's account.
    void settle_account();
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
    bool input_ended_ : 1 = false;   // nothing comes after what has been read
    bool due_ : 1 = false;           // work() will be called
    bool write_failed_ : 1 = false;  // writing has failed: it gets no more answers
    bool left_ : 1 = false;
    bool reading_ : 1 = false;
    bool own_answer_ : 1 = false;  // the current line was answered by exapulsed itself
    bool noted_ : 1 = false;       // among its registry's changed sessions
    bool held_ : 1 = false;        // its next line waits until a paged answer is complete
    bool full_ : 1 = false;        // see full()
    std::uint32_t types_ = 0;      // as EventTypes
    WallTime since_;
    Charge memory_;
    std::uint64_t commands_ = 0;
    Lazy<Traffic> traffic_;
    Lazy<Rare> rare_;
};

/// An idle client takes at most 512 bytes, most of them for libuv's handle. Its session is in a
/// node of its registry's table, for which malloc(3) takes 176 bytes; with one byte more here it
/// would take 192.
static_assert(sizeof(void*) != 8 || sizeof(ClientSession) <= 152);

}  // namespace exapulse
