// SPDX-License-Identifier: BSD-3-Clause
// ReadPacing: reads from ExaBGP no faster than the client whose answer is arriving.
#pragma once

#include <optional>

#include "daemon/commands/command_queue.hpp"
#include "daemon/upstream/dialogue/upstream_dialogue.hpp"
#include "daemon/upstream/link/upstream_connection.hpp"
#include "daemon/upstream/slow_reader.hpp"

namespace exapulse {

class ReadPacing {
  public:
    /// `limit`: limits.slow_reader. All outlive it.
    ReadPacing(CommandQueue& queue, UpstreamConnection& connection, UpstreamDialogue& dialogue,
               Milliseconds limit)
        : queue_(queue), connection_(connection), dialogue_(dialogue), slow_reader_(limit) {}

    void set_limit(Milliseconds limit) { slow_reader_.set_limit(limit); }
    /// Reads while the client whose answer is arriving reads, and only then. To be called when that
    /// may have changed.
    void update(TimePoint now);
    /// Drops the rest of an answer that its client has not read for too long. To be called at due()
    /// or later.
    void drop_unread(TimePoint now);
    /// The connection is gone, and with it the answer.
    void on_closed(TimePoint now) { slow_reader_.release(now); }

    /// Whether nothing is read: ExaBGP's silence means nothing then.
    [[nodiscard]] bool holds() const { return slow_reader_.holds(); }
    [[nodiscard]] std::optional<TimePoint> due() const { return slow_reader_.due(); }

  private:
    CommandQueue& queue_;
    UpstreamConnection& connection_;
    UpstreamDialogue& dialogue_;
    SlowReader slow_reader_;
};

}  // namespace exapulse
