// SPDX-License-Identifier: BSD-3-Clause
// InFlight: the lines written to ExaBGP whose answers have not ended, oldest first. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/time.hpp"
#include "daemon/commands/command_queue.hpp"
#include "daemon/upstream/dialogue/bracketed_answer.hpp"

namespace exapulse {

/// What each line is, and its offset in the bytes written on this connection, which shows whether a
/// byte of it has left. The cost of a line of an answer does not grow with the lines in flight.
class InFlight {
  public:
    enum class Kind { Command, Ping, Fence, Witness, Sweep };
    /// What last came in place of a fence's echo.
    enum class BeforeEcho { Nothing, Error, Other };
    struct Entry {
        Kind kind;
        TimePoint written_at;
        std::uint64_t offset = 0;     ///< of its first byte; push() says it
        Command command{};            ///< Kind::Command
        std::optional<bool> ended{};  ///< Kind::Command, fenced: its first terminator
        bool fenced = false;          ///< Kind::Command: the echo after it ends it
        bool joined = false;          ///< Kind::Command: others share its fence
        bool alone = false;      ///< Kind::Command: nothing is written after it while it is due
        bool more_came = false;  ///< Kind::Command: after `ended`
        bool judged = false;     ///< Kind::Command: has its verdict, its answer may still come
        std::string_view cut{};  ///< Kind::Command: why its answer is not whole
        std::vector<std::string> held{};       ///< Kind::Command: lines that wait for the echo
        bool ponged = false;                   ///< Kind::Ping
        std::string token{};                   ///< Kind::Fence
        std::optional<TimePoint> echoed_at{};  ///< Kind::Fence: answered, its terminator still due
        BeforeEcho came_before = BeforeEcho::Nothing;  ///< Kind::Fence
        bool probed = false;     ///< Kind::Command: it was quiet, so a fence was written
        bool witnessed = false;  ///< Kind::Command: the same with a witness
        bool begun = false;      ///< Kind::Command: a line has come; Kind::Witness: its first one
        bool crossed = false;    ///< another program was at the pipe meanwhile
        std::unique_ptr<BracketedAnswer> bracket{};  ///< Kind::Command, Kind::Sweep
        bool swept = false;                          ///< bracket: it began with nothing outstanding
        TimePoint stepped_at{};                      ///< bracket: when its answer last got on
    };

    /// A new connection: nothing is in flight, nothing written.
    void begin_anew();
    /// `entry` is the next `bytes` written.
    void push(Entry entry, std::size_t bytes);
    /// The next `bytes` written keep no place.
    void skip(std::size_t bytes) { written_ += bytes; }

    /// Takes out the lines of which not a byte is among the first `left` written, and gives their
    /// commands, the newest first.
    [[nodiscard]] std::vector<Command> take_after(std::uint64_t left);
    /// Takes out all commands, the oldest first; what else is in flight stays.
    [[nodiscard]] std::vector<Entry> take_commands();
    /// The last `bytes` written were taken back.
    void unwrite(std::uint64_t bytes) { written_ -= bytes; }
    [[nodiscard]] std::uint64_t written() const { return written_; }

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] Entry& front() { return entries_.front(); }
    [[nodiscard]] const Entry& front() const { return entries_.front(); }
    Entry pop_front();
    /// Another program is at the pipe while they are in flight.
    void cross();
    /// Keeps `line` for `entry` until its echo comes, unless most_held bytes are kept; false then.
    [[nodiscard]] bool hold_line(Entry& entry, std::string_view line);
    /// The most bytes of answers that wait for an echo.
    static constexpr std::size_t most_held = 1U << 20;
    void clear();
    [[nodiscard]] std::size_t count(Kind kind) const {
        return counts_[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] std::size_t commands() const { return count(Kind::Command); }
    /// The first of this kind; null when there is none.
    [[nodiscard]] Entry* first(Kind kind);
    [[nodiscard]] const Entry* first(Kind kind) const;
    /// The command written last; null when there is none.
    [[nodiscard]] const Entry* last_command() const;
    void erase(Kind kind);
    /// Of the commands before the first fence, the first whose answer has not ended and the last
    /// of all; null when there is none. An answer that has ended does not begin again.
    [[nodiscard]] Entry* awaiting();
    [[nodiscard]] Entry* last_before_fence();
    /// The last `count` entries share one fence.
    void join_last(std::size_t count);
    [[nodiscard]] auto begin() { return entries_.begin(); }
    [[nodiscard]] auto end() { return entries_.end(); }
    [[nodiscard]] auto begin() const { return entries_.begin(); }
    [[nodiscard]] auto end() const { return entries_.end(); }

  private:
    /// Entries other than the first or the last have changed.
    void recount();

    std::deque<Entry> entries_;
    std::array<std::size_t, 5> counts_{};  // of each kind
    // Nothing before these places is a fence, or awaits the end of its answer.
    mutable std::size_t fence_ = 0;
    std::size_t awaiting_ = 0;
    std::uint64_t written_ = 0;
    std::size_t held_bytes_ = 0;  // of all Entry::held
};

}  // namespace exapulse
