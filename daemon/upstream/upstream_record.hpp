// SPDX-License-Identifier: BSD-3-Clause
// UpstreamRecord: what the log and the flight recorder get about the ExaBGP side.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/protocol.hpp"
#include "common/time.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/events/event.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/recorder/flight_recorder.hpp"
#include "daemon/upstream/link/upstream_candidate.hpp"

namespace exapulse {

/// Connection, dialogue and lines; events are recorded where they are published. What stays the
/// same is recorded once, however often it is reported.
class UpstreamRecord {
  public:
    /// `recorder` must outlive it.
    explicit UpstreamRecord(FlightRecorder& recorder) : recorder_(recorder) {}

    void on_connected(const UpstreamCandidate& to);
    void on_connect_failed(const std::string& why);
    void on_closed(Cause cause, const std::string& why, std::uint64_t unsent);
    /// Commands can be sent, to this ExaBGP.
    void on_ready(Dialect dialect, const std::string& version, bool is_new);
    void on_unusable(std::string_view why);
    void on_remark(std::string_view text);

    /// `command`: nullptr for one of exapulsed's own.
    void on_line_written(std::string_view line, const Command* command, TimePoint now);
    void on_taken_back(std::uint64_t bytes);
    void on_line_read(std::string_view line, TimePoint now);
    /// The line read last is of the answer to `command`.
    void on_line_matched(const Command& command);
    void on_answer_lost(const Command& command, ErrorCode code, std::string_view why);

  private:
    void note(std::string_view what);

    FlightRecorder& recorder_;
    std::string unusable_;     // what was last logged about it
    std::string unreachable_;  // why the last connect failed, as was recorded
};

}  // namespace exapulse
