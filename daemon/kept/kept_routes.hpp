// SPDX-License-Identifier: BSD-3-Clause
// KeptRoutes: the ledger of what clients announced, on disk, and its replay to a new ExaBGP.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command.hpp"
#include "daemon/config/config.hpp"
#include "daemon/events/event.hpp"
#include "daemon/routes/ledger.hpp"
#include "daemon/routes/replay.hpp"
#include "daemon/store/store_thread.hpp"
#include "daemon/upstream/upstream.hpp"
#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/timer.hpp"

namespace exapulse {

/// The owner of the commands of a replay, which takes turns with clients as one of them.
inline constexpr SessionId replay_of_routes = departed_clients_of(0) - 1;

/// What is kept comes back after a restart of ExaBGP; everything else that was announced is known
/// until then. A change of what is kept is complete once it is on disk: changes that come while the
/// disk is busy are written together.
class KeptRoutes final : public AnswerSink {
  public:
    using Report = std::function<void(const Event&)>;

    /// `store`: nullptr where nothing is kept on disk. `known_before`: whether the identity of the
    /// ExaBGP that was there last is known; otherwise the first one gets everything again. All
    /// outlive it, and it outlives the commands it has submitted.
    KeptRoutes(uv::Loop& loop, Upstream& upstream, StoreThread* store, const Config& config,
               bool known_before, Report report);

    /// From the file, before anything else. nullopt: it could not be read, which is tried again.
    void restore(std::optional<std::vector<NumberedRoute>> routes);

    /// Called with the reason why a change is not on disk; empty: it is.
    using OnSaved = std::function<void(const std::string& problem)>;
    /// ExaBGP has carried out a command of a client. False: nothing has to be saved for it, and
    /// `on_saved` is not called.
    [[nodiscard]] bool note(const Request& request, const RouteOwner& owner, bool keep,
                            const OnSaved& on_saved);

    /// An event about ExaBGP that has been published.
    void on_event(const Event& event);
    /// The file can be used again, or is a new one.
    void on_store_change() { try_again(); }
    /// Nothing is replayed any more.
    void stop();

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const Replay& replay() const { return replay_; }

    // AnswerSink, for the commands of a replay
    void on_answer_line(const Command& command, std::string_view line) override;
    void on_verdict(const Command& command, const Verdict& verdict) override;

  private:
    [[nodiscard]] bool has_room_for(const RouteChange& change);
    void continue_replay();
    [[nodiscard]] bool answers() const;
    void submit(Replay::Step step);
    void end_replay();
    /// A change that was noted while the file could not be read.
    struct Noted {
        RouteChange change;
        RouteOwner owner;
        bool keep;
        WallTime at;
    };
    /// Enters it into the ledger. True: it changes what is kept.
    [[nodiscard]] bool enter(const RouteChange& change, const RouteOwner& owner, bool keep,
                             WallTime at);
    void note_unread(Noted noted);
    void save();
    void save_all();
    void write(RouteWrite change);
    void saved(const std::string& problem, const std::vector<OnSaved>& waiting);
    void try_again();
    void read(std::optional<std::vector<NumberedRoute>> routes);

    Upstream& upstream_;
    StoreThread* store_;
    const Config& config_;
    bool known_before_;
    Report report_;
    Ledger ledger_;
    Replay replay_{ledger_};
    std::map<std::uint64_t, std::string> reasons_;  // ExaBGP's, of steps without a verdict yet
    /// A replay is about to begin; so many routes were not kept.
    std::optional<std::size_t> starting_;
    bool stopped_ = false;
    uv::NextTurn next_turn_;  // upstream_ must not be called from within its own calls

    RouteWrite unsaved_;
    std::vector<OnSaved> waiting_;  // for unsaved_ to be saved
    bool saving_ = false;           // or reading
    /// Why nothing can be saved now; empty: it can.
    std::string problem_;
    std::optional<std::deque<Noted>> unread_;  // nullopt: the file has been read
    bool unread_lost_ = false;                 // there were too many, and that was logged
    bool full_ = false;                        // as limits.routes has it, and that was logged
    uv::Timer retry_;
};

}  // namespace exapulse
