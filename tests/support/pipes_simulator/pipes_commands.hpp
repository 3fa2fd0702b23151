// SPDX-License-Identifier: BSD-3-Clause
// PipesCommands: the answers of ExaBGP 4.2.21 and 5.0.13 to a command line. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "tests/support/simulator/reaction.hpp"
#include "tests/support/simulator/simulated_rib.hpp"

namespace exapulse::test {

/// ExaBGP's reactor as the users of its named pipes see it. It has one peer, 127.0.0.1 in AS 65001,
/// which is down. Lines whose first word is `test` are the simulator's own: test_verbs.hpp.
///
/// A command is found anywhere in a line: `# please version this` is `version`.
class PipesCommands {
  public:
    /// Executed when it is run, which is after everything queued earlier.
    using Work = std::function<Reaction()>;

    /// Some commands are answered at once, and so overtake those that go through the queue.
    struct Taken {
        bool queued = false;
        Work work;
    };

    /// `dialect` is Pipes42 or Pipes50.
    explicit PipesCommands(Dialect dialect) : dialect_(dialect) {}
    PipesCommands(const PipesCommands&) = delete;  // work refers to it
    PipesCommands& operator=(const PipesCommands&) = delete;

    /// `line` is without its LF.
    [[nodiscard]] Taken take(std::string_view line);

    /// 5.0's relay starts by switching acks on.
    void become_new_relay() { acks_ = is_50() || acks_; }

    [[nodiscard]] Dialect dialect() const { return dialect_; }
    [[nodiscard]] const SimulatedRib& rib() const { return rib_; }
    /// exabgp_api_ack; on 5.0 also what disable-ack and its like set.
    void set_acks(bool on) { acks_ = on; }

  private:
    struct Command;  // a row of the table of commands
    using Words = std::span<const std::string_view>;

    [[nodiscard]] bool is_50() const { return dialect_ == Dialect::Pipes50; }
    [[nodiscard]] const Command* find(std::string_view line) const;

    [[nodiscard]] Reaction done(const std::vector<std::string>& lines = {}) const;
    [[nodiscard]] Reaction error() const;  // never says why
    [[nodiscard]] Taken at_once(Reaction reaction) const;
    [[nodiscard]] Taken queued(Work work) const { return {true, std::move(work)}; }

    // Each is a command, `line` being the whole line in ExaBGP's normal form.
    Taken help(std::string_view line);
    Taken version(std::string_view line);
    Taken comment(std::string_view line);
    Taken reload(std::string_view line);
    Taken restart(std::string_view line);
    Taken shutdown(std::string_view line);
    Taken reset(std::string_view line);
    Taken crash(std::string_view line);
    Taken disable_ack(std::string_view line);
    Taken enable_ack(std::string_view line);
    Taken silence_ack(std::string_view line);
    Taken teardown(std::string_view line);
    Taken change_route(std::string_view line);  // announce, withdraw
    Taken change_other(std::string_view line);  // flow, vpls, attributes: checked for peers only
    Taken watchdog(std::string_view line);
    Taken operational(std::string_view line);
    Taken needs_session(std::string_view line);  // eor, route-refresh: the peer is down
    Taken show_neighbor(std::string_view line);
    Taken show_adj_rib(std::string_view line);
    Taken flush_adj_rib(std::string_view line);
    Taken clear_adj_rib(std::string_view line);

    /// 4.2 fails on its own log message if no peer matches, and dies.
    [[nodiscard]] Taken no_peer_matches() const;
    [[nodiscard]] std::string shown_route(const SimulatedRib::Route& route, bool extensive,
                                          bool json) const;

    Dialect dialect_;
    bool acks_ = true;
    SimulatedRib rib_;
};

}  // namespace exapulse::test
