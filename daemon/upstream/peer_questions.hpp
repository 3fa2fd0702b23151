// SPDX-License-Identifier: BSD-3-Clause
// PeerQuestions: asks ExaBGP about its peers, and passes on what it answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command_queue.hpp"
#include "daemon/peers/peer_watch.hpp"

namespace exapulse {

/// The PeerWatch decides what to ask; this puts its questions into the queue, as their sink, and
/// reports what changed, and snapshots to those who asked for one.
class PeerQuestions final : AnswerSink {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;
        /// Whether somebody wants to know how the peers are.
        [[nodiscard]] virtual bool peers_wanted() const = 0;
        /// What happened to the peers: an event without what only the health monitor knows.
        virtual void on_peer_change(const Event& change, const Moment& at) = 0;
        /// ExaBGP has answered, and what happened has been passed on.
        virtual void on_peers_answer(WallTime time) = 0;
    };
    /// Both must outlive it.
    PeerQuestions(CommandQueue& queue, Listener& listener, Milliseconds interval)
        : queue_(queue), listener_(listener), watch_(interval) {}

    /// Answers this command, which has no line, with a fresh snapshot of the peers, one line as
    /// format_peers().
    void submit(const Command& asked, TimePoint now);
    /// Asks what is due. Only while ExaBGP can answer: a question is not held for one that can't.
    void ask(TimePoint now);
    /// When ask() has something next; nullopt while nobody wants to know.
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    // See PeerWatch.
    [[nodiscard]] PeerWatch::Admission admit(Command& command, const DialectRules& rules,
                                             const std::vector<std::string>& unguarded,
                                             TimePoint now);
    void on_done(const Command& command);
    void on_closed() { watch_.on_closed(); }
    void invalidate() { watch_.invalidate(); }
    void reset_baseline() { watch_.reset_baseline(); }
    void hurry(TimePoint now);
    void set_interval(Milliseconds interval) { watch_.set_interval(interval); }
    [[nodiscard]] const PeerTable& table() const { return watch_.table(); }

  private:
    void on_answer_line(const Command& question, std::string_view line) override;
    void on_verdict(const Command& question, const Verdict& verdict) override;
    void on_answer(const Command& question, bool ok);

    CommandQueue& queue_;
    Listener& listener_;
    PeerWatch watch_;
    const DialectRules* rules_ = nullptr;  // of the last admit()
};

}  // namespace exapulse
