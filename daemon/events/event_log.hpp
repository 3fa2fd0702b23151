// SPDX-License-Identifier: BSD-3-Clause
// EventLog: numbers every event, keeps it, and passes it to each EventSink. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/events/event.hpp"
#include "daemon/events/event_history.hpp"

namespace exapulse {

/// Receives every event, in order. Must not publish one itself.
class EventSink {
  public:
    /// `line` is the event as one line of JSON, without LF.
    virtual void on_event(const Event& event, const EventPlace& place, const std::string& line) = 0;

  protected:
    ~EventSink() = default;
};

class EventLog {
  public:
    /// `boot` identifies this run of exapulsed, which began at `start`. Keeps at most `most`
    /// events.
    EventLog(std::string boot, WallTime start, std::size_t most)
        : boot_(std::move(boot)), started_(start), history_(start), most_(most) {}

    /// `sink` must outlive the log.
    void add(EventSink& sink) { sinks_.push_back(&sink); }

    /// `peers` is a snapshot, as `state` is: it has the number of the event before it and is not
    /// kept.
    void publish(const Event& event);

    /// Takes effect at the next event.
    void keep(std::size_t most) { most_ = most; }
    [[nodiscard]] const EventHistory& history() const { return history_; }
    [[nodiscard]] WallTime started() const { return started_; }
    /// The position of the newest event.
    [[nodiscard]] EventPlace place() const { return {seq_, boot_}; }

  private:
    std::string boot_;
    WallTime started_;
    EventHistory history_;
    std::size_t most_;
    std::vector<EventSink*> sinks_;
    std::uint64_t seq_ = 0;
    bool publishing_ = false;  // a sink is being called
};

}  // namespace exapulse
