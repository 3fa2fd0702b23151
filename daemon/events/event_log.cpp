// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/events/event_log.hpp"

#include <cassert>

namespace exapulse {

void EventLog::publish(const Event& event) {
    assert(!publishing_);
    publishing_ = true;
    const bool happened = event.type != EventType::Peers;
    if (happened) ++seq_;
    const std::string line = format_event(event, place());
    for (EventSink* sink : sinks_) sink->on_event(event, place(), line);
    if (happened) history_.append(event, line, most_);
    publishing_ = false;
}

}  // namespace exapulse
