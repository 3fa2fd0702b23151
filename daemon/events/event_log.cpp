// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/event_log.hpp"

namespace exapulse {

void EventLog::publish(const Event& event) {
    const bool happened = event.type != EventType::Peers;
    if (happened) ++seq_;
    const std::string line = format_event(event, place());
    for (EventSink* sink : sinks_) sink->on_event(event, place(), line);
    if (happened) history_.append(event, line, most_);
}

}  // namespace exapulse
