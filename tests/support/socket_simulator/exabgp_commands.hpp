// SPDX-License-Identifier: BSD-3-Clause
// ExabgpCommands: the answers of ExaBGP 6 to a command line, in both dialects. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/exabgp/dialect.hpp"
#include "tests/support/simulator/reaction.hpp"
#include "tests/support/simulator/simulated_rib.hpp"

namespace exapulse::test {

/// ExaBGP's reactor as the users of its socket see it: answers, and the state they all share.
/// It has one peer, 127.0.0.1 in AS 65001, which is down. Lines that begin with `test` are the
/// simulator's own: test_verbs.hpp.
class ExabgpCommands {
  public:
    explicit ExabgpCommands(Dialect dialect) : dialect_(dialect) { become_new_process(); }

    /// `received` is a line without its LF.
    [[nodiscard]] Reaction answer(std::string_view received);

    /// A process start: another UUID, no routes, and everything that a new relay resets.
    void become_new_process();

    /// A new relay, as at a reload or after the old one died: acks on, sync off, no open group.
    void become_new_relay();

    [[nodiscard]] const std::string& uuid() const { return uuid_; }
    [[nodiscard]] Dialect dialect() const { return dialect_; }
    [[nodiscard]] bool acks() const { return acks_; }
    [[nodiscard]] bool sync() const { return sync_; }
    [[nodiscard]] bool group_open() const { return group_.has_value(); }
    [[nodiscard]] const SimulatedRib& rib() const { return rib_; }

    void set_uuid(std::string uuid) { uuid_ = std::move(uuid); }
    void set_dialect(Dialect dialect) { dialect_ = dialect; }
    void set_acks(bool on) { acks_ = on; }
    void set_group_open(bool open);
    /// The state of the one peer's FSM in `daemon status`.
    void set_peer_state(std::string state) { peer_state_ = std::move(state); }
    void set_text_pongs(bool on) { text_pongs_ = on; }

  private:
    using Words = std::span<const std::string_view>;
    struct Command;  // a row of the table of commands

    Reaction dispatch(Words line);

    /// An answer of one line, JSON or text as requested, or none if empty, and its terminator.
    [[nodiscard]] Reaction done(std::string_view json = {}, std::string_view text = {}) const;
    [[nodiscard]] Reaction error() const;
    [[nodiscard]] Reaction error_line(std::string_view detail) const;  // silenced with the acks
    [[nodiscard]] Reaction error_data(std::string_view detail) const;  // never silenced
    Reaction& end(Reaction& reaction, std::string_view terminator) const;

    Reaction ping(Words rest) const;
    Reaction api_version(Words rest);
    Reaction status() const;
    Reaction group_start();
    Reaction group_end();
    Reaction change_group(const std::vector<std::string>& commands);
    Reaction rib_show(Words rest) const;
    Reaction rib_clear(Words rest);
    Reaction peer(Words rest);
    Reaction peer_show(Words rest) const;
    Reaction peer_routes(Words rest, bool matches);

    Dialect dialect_;
    bool json_ = true;  // the format that the current command requested
    bool acks_ = true;
    std::string peer_state_ = "IDLE";
    bool sync_ = false;
    bool text_pongs_ = false;
    std::optional<std::vector<std::string>> group_;  // what an open group has buffered
    std::string uuid_;
    std::string relay_;  // its name, new for each relay
    std::chrono::system_clock::time_point started_;
    SimulatedRib rib_;
};

}  // namespace exapulse::test
