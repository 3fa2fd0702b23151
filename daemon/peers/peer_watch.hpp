// SPDX-License-Identifier: BSD-3-Clause
// PeerWatch: decides when to query ExaBGP for its peers, and which commands must wait for the
// answer. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command.hpp"
#include "daemon/exabgp/configured_peers.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/peers/peer_table.hpp"

namespace exapulse {

/// Questions are commands like those of clients, and take turns with them; `Command::peers` marks
/// them. Whoever submits one is its sink, and passes its answer on to the watch. ExaBGP is polled
/// only while a client is subscribed, or its history is kept.
class PeerWatch {
  public:
    /// How long a peer is assumed to exist; only a program on another channel of ExaBGP can delete
    /// it without our knowledge.
    static constexpr Milliseconds trusted{10'000};
    /// 6.0 truncates answer lines at some 200 KB; the detail has about 1 KB per peer.
    static constexpr std::size_t most_in_detail = 50;

    explicit PeerWatch(Milliseconds interval) : interval_(interval) {}

    /// What to do with a command when it is its turn.
    struct Admission {
        bool refused = false;
        std::string why;                  ///< if refused
        std::optional<Command> question;  ///< to be written first; the command stays next
    };
    /// Also sets the request of a question. `unguarded` as in commands.unguarded.
    [[nodiscard]] Admission admit(Command& command, const DialectRules& rules,
                                  std::span<const std::string> unguarded, TimePoint now) const;

    /// A line of the answer to a question.
    void on_line(const Command& question, std::string_view line);

    struct Outcome {
        std::optional<Command> next;  ///< the next question, if the snapshot needs one
        bool ok = true;               ///< of the whole snapshot, if there is no next question
        std::vector<Event> events;
    };
    [[nodiscard]] Outcome on_answer(const Command& question, const DialectRules& rules, bool ok,
                                    const Moment& now);
    void on_answer_lost(const Command& question);
    /// A client's command was executed.
    void on_done(const Request& request);
    void on_closed();
    // See PeerTable.
    void invalidate() { table_.invalidate(); }
    void reset_baseline() { table_.reset_baseline(); }

    /// The first question for the full snapshot requested by `asked`, with its owner and sink.
    [[nodiscard]] static Command question_of(const Command& asked, TimePoint now);
    /// exapulsed's own next question, if it is due. Call while a client is subscribed.
    [[nodiscard]] std::optional<Command> due(TimePoint now);
    /// When due() has one; nullopt while one is in flight.
    [[nodiscard]] std::optional<TimePoint> next_due() const;
    /// A new client has subscribed: makes the next question due.
    void hurry(TimePoint now) { next_ = now; }

    void set_interval(Milliseconds interval) { interval_ = interval; }
    [[nodiscard]] const PeerTable& table() const { return table_; }

  private:
    Outcome on_names(const DialectRules& rules, bool ok, const Moment& now);
    void take_names(const std::vector<Peer>& peers, const Moment& now);

    PeerTable table_;
    ConfiguredPeers names_;
    std::optional<TimePoint> names_as_of_;      // nullopt: unknown on this connection, or outdated
    std::optional<TimePoint> names_failed_at_;  // when ExaBGP last failed to list them
    std::string names_answer_;
    bool names_overflown_ = false;
    Milliseconds interval_;
    TimePoint next_{};
    bool asking_ = false;  // one of exapulsed's own questions is waiting or in flight
};

}  // namespace exapulse
