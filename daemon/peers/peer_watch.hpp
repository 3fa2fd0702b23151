// SPDX-License-Identifier: BSD-3-Clause
// PeerWatch: when ExaBGP is asked about its peers, and which commands must wait for the answer.
// Pure.
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
/// them. Whoever submits one is its sink, and passes its answer on to the watch. ExaBGP is asked
/// regularly only while somebody wants to know.
class PeerWatch {
  public:
    /// A peer that exists is taken to exist for so long; only another program on another channel
    /// of ExaBGP can delete it without a word to us.
    static constexpr Milliseconds trusted{10'000};
    /// 6.0 cuts an answer line beyond some 200 KB; the detail has about 1 KB for each peer.
    static constexpr std::size_t most_in_detail = 50;

    explicit PeerWatch(Milliseconds interval) : interval_(interval) {}

    /// What is to be done with a command whose turn has come.
    struct Admission {
        bool refused = false;
        std::string why;                  ///< when refused
        std::optional<Command> question;  ///< to be written instead; the command stays next
    };
    /// Gives a question its words. `unguarded` as in commands.unguarded.
    [[nodiscard]] Admission admit(Command& command, const DialectRules& rules,
                                  std::span<const std::string> unguarded, TimePoint now) const;

    /// A line of the answer to a question.
    void on_line(const Command& question, std::string_view line);

    struct Outcome {
        std::optional<Command> next;  ///< the picture takes another question
        bool ok = true;               ///< of the whole picture, when there is no next one
        std::vector<Event> events;
    };
    [[nodiscard]] Outcome on_answer(const Command& question, const DialectRules& rules, bool ok,
                                    const Moment& now);
    void on_answer_lost(const Command& question);
    /// A client's command was carried out.
    void on_done(const Request& request);
    void on_closed();
    // See PeerTable.
    void doubt() { table_.doubt(); }
    void begin_anew() { table_.begin_anew(); }

    /// The first question for the whole snapshot that `asked` wants, for its owner and its sink.
    [[nodiscard]] static Command question_of(const Command& asked, TimePoint now);
    /// The next question of exapulsed's own that is due, while somebody wants to know.
    [[nodiscard]] std::optional<Command> due(TimePoint now);
    /// When due() has one; nullopt while one is on its way.
    [[nodiscard]] std::optional<TimePoint> next_due() const;
    /// Somebody new wants to know.
    void hurry(TimePoint now) { next_ = now; }

    void set_interval(Milliseconds interval) { interval_ = interval; }
    [[nodiscard]] const PeerTable& table() const { return table_; }

  private:
    Outcome on_names(const DialectRules& rules, bool ok, const Moment& now);
    void take_names(const std::vector<Peer>& peers, const Moment& now);

    PeerTable table_;
    ConfiguredPeers names_;
    std::optional<TimePoint> names_as_of_;      // nullopt: not on this connection, or outdated
    std::optional<TimePoint> names_failed_at_;  // when ExaBGP last did not tell them
    std::string names_answer_;
    bool names_overflown_ = false;
    Milliseconds interval_;
    TimePoint next_{};
    bool asking_ = false;  // a question of exapulsed's own waits or is with ExaBGP
};

}  // namespace exapulse
