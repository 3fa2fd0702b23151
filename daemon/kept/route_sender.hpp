// SPDX-License-Identifier: BSD-3-Clause
// RouteSender: the commands of a Replay on their way to ExaBGP, and their verdicts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "daemon/commands/command.hpp"
#include "daemon/routes/replay.hpp"
#include "daemon/upstream/upstream.hpp"
#include "daemon/uv/next_turn.hpp"

namespace exapulse {

/// The owner of the commands of a replay, which takes turns with clients as one of them.
inline constexpr SessionId replay_of_routes = departed_clients_of(0) - 1;

class RouteSender final : public AnswerSink {
  public:
    /// An entry of the ledger is settled; `why`: it was refused.
    using OnSettled = std::function<void(const Replay::Settled& settled, const std::string& why)>;
    /// In the turn after ask(): the time to begin a replay, send(), and end what is complete.
    using OnTurn = std::function<void()>;

    /// All outlive it, and it outlives the commands it has submitted.
    RouteSender(uv::Loop& loop, Upstream& upstream, Replay& replay, OnSettled on_settled,
                OnTurn on_turn);

    /// May be called from anywhere, also within a call of Upstream's.
    void ask() { next_turn_.ask(); }
    /// ExaBGP is there to answer.
    [[nodiscard]] bool answers() const;
    /// Sends until `most` routes are on their way.
    void send(std::size_t most);
    /// The replay begins anew: what is on its way is not waited for.
    void forget() { reasons_.clear(); }

    void on_answer_line(const Command& command, std::string_view line) override;
    void on_verdict(const Command& command, const Verdict& verdict) override;

  private:
    void submit(Replay::Step step);

    Upstream& upstream_;
    Replay& replay_;
    OnSettled on_settled_;
    std::map<std::uint64_t, std::string> reasons_;  // ExaBGP's, of steps without a verdict yet
    uv::NextTurn next_turn_;  // upstream_ must not be called from within its own calls
};

}  // namespace exapulse
