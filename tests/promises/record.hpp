// SPDX-License-Identifier: BSD-3-Clause
// RunRecord: everything that was asked, answered, done to the programs and reported in one run.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/protocol.hpp"

namespace exapulse::test {

using Time = std::chrono::steady_clock::time_point;
using Duration = std::chrono::milliseconds;

/// The number of a command, unique in its run; commands.hpp has its line.
using CommandNumber = std::uint32_t;

/// One command of a client.
struct Asked {
    CommandNumber number = 0;
    Time sent, answered;  ///< `answered`: or when the client gave up waiting
    Time connected;       ///< the client knew last that its connection worked
    /// Every line of the answer with its LF, the terminator last; long lines without their end. Not
    /// complete if the connection ended.
    std::string answer{};
    bool left = false;   ///< the client closed the connection without waiting
    bool alone = false;  ///< of a client that has one command under way at a time
};

/// A command at ExaBGP: received, or answered as a whole.
struct AtExabgp {
    CommandNumber number = 0;
    Time at;
};

enum class FaultKind {
    Closed,         ///< ExaBGP closed the connection, its process stays
    Gone,           ///< ExaBGP's process ended; until the next one started
    Hung,           ///< ExaBGP did nothing
    Slow,           ///< ExaBGP's answers came in small pieces
    Erring,         ///< ExaBGP's answers were wrong now and then
    Away,           ///< exapulsed was not running, or did not serve yet
    Frozen,         ///< exapulsed was stopped
    Reloaded,       ///< exapulsed was told to read its configuration
    NoDescriptors,  ///< exapulsed could open no files
    NoMemory,       ///< exapulsed could get no more memory, and may have ended by that
    NoSpace,        ///< exapulsed could not write its files
    ClockJump,      ///< exapulsed's wall clock changed
    Busy,           ///< the machine was too busy to say anything about time
};

inline constexpr std::array<std::string_view, 13> fault_names{
    "closed", "gone",           "hung",      "slow",     "erring",     "away",        "frozen",
    "reload", "no descriptors", "no memory", "no space", "clock jump", "busy machine"};

[[nodiscard]] constexpr std::string_view name_of(FaultKind kind) {
    return fault_names[static_cast<std::size_t>(kind)];
}

/// Its effect lasts from `from` to `to`.
struct Fault {
    FaultKind kind;
    Time from, to;
};

/// A process of ExaBGP.
struct ExabgpProcess {
    Time from, to;
    std::string uuid{};  ///< empty: ExaBGP 4.2 and 5.0, which have none
};

/// A run of exapulsed.
struct DaemonRun {
    enum class End { Killed, Stopped, ByItself };
    Time from, to;
    End end = End::Stopped;
    int status = 0;  ///< its exit status; of one that was not killed
};

struct SeenEvent {
    Time at;  ///< when it was read
    std::string boot{};
    std::uint64_t seq = 0;
    EventType type = EventType::State;
    HealthState state = HealthState::Connecting;
    std::string uuid{};  ///< empty: null
    std::string previous{};
    std::string cause{};
    std::uint64_t dropped = 0;
};

/// What one connection of a subscriber to all events read.
struct Stream {
    struct Place {
        std::string boot;
        std::uint64_t seq;
    };
    std::optional<Place> since{};  ///< it asked for what came after it
    bool unknown_place = false;    ///< and exapulsed said that it knew nothing of it
    bool since_time = false;       ///< so it asked for all there is
    std::vector<SeenEvent> events{};
};

/// exapulsed at one moment.
struct Sample {
    Time at;
    std::size_t memory_kib = 0;  ///< resident
    std::size_t descriptors = 0;
};

/// The clients as `sidecar clients` shows them.
struct ClientsSample {
    std::size_t clients = 0;
    std::size_t pending = 0;  ///< of the client with the most
    std::size_t backlog = 0;  ///< bytes, of the client with the most
};

/// What the promises mean in this run, from exapulsed's configuration.
struct Bounds {
    Duration interval{};  ///< health.interval
    int attempts = 0;     ///< health.attempts
    Duration retry{};     ///< the longest pause between two attempts to reach ExaBGP
    Duration silence{};   ///< how long ExaBGP must say nothing before exapulsed trusts its answers
    Duration slack{};     ///< for the machine
    Duration turn{};      ///< the longest wait of a client that has one command under way
    Duration durable{};   ///< an event that is older is on the disk, if that can be written
    std::size_t clients = 0;
    std::size_t pending = 0;
    std::size_t backlog = 0;
    std::size_t memory_kib = 0;   ///< 0: not judged
    std::size_t descriptors = 0;  ///< 0: not judged

    /// A connection that ExaBGP closed is reported by then.
    [[nodiscard]] Duration closed() const { return slack; }
    /// An ExaBGP that answers is reported by then.
    [[nodiscard]] Duration reached() const { return interval + retry + silence + slack; }
    /// An ExaBGP that does not answer is reported by then.
    [[nodiscard]] Duration hung() const { return (attempts + 1) * interval + slack; }
};

struct RunRecord {
    Bounds bounds{};
    Time from, to;
    bool pipes = false;  ///< ExaBGP 4.2 or 5.0, through named pipes
    std::vector<Asked> asked{};
    std::vector<AtExabgp> received{}, answered{};
    std::vector<std::string> forbidden{};  ///< lines of clients that may not, seen by ExaBGP
    std::vector<Fault> faults{};
    std::vector<ExabgpProcess> processes{};
    std::vector<DaemonRun> runs{};
    std::vector<SeenEvent> events{};   ///< all, as the subscriber saw them that always comes back
    std::vector<Stream> streams{};     ///< of all subscribers, that one included
    std::vector<SeenEvent> history{};  ///< `sidecar history` at the end
    std::vector<Sample> samples{};
    std::vector<ClientsSample> clients{};
    std::string log{};  ///< exapulsed's
};

}  // namespace exapulse::test
