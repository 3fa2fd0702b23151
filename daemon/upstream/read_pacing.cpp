// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/read_pacing.hpp"

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse {

void ReadPacing::update(TimePoint now) {
    const Command* answered = dialogue_.answered();
    const bool wait = answered != nullptr && queue_.is_paused(answered->owner);
    if (wait && !slow_reader_.holds()) {
        connection_.pause_reading();
        slow_reader_.hold(answered->id, now);
    } else if (!wait && slow_reader_.holds()) {
        slow_reader_.release(now);
        connection_.resume_reading();
        dialogue_.on_reading_again(now);
    }
    if (!wait) return;
    const SessionId owner = answered->owner;
    slow_reader_.set_others_wait(queue_.others_wait(owner) || dialogue_.others_in_flight(owner),
                                 now);
}

void ReadPacing::drop_unread(TimePoint now) {
    const auto due = slow_reader_.due();
    if (!due || *due > now) return;
    dialogue_.drop_answer(
        fmt::format("{} limits.slow_reader ({}), so the rest of the answer was dropped",
                    slow_reader_.others_wait() ? "other commands waited for you to read for"
                                               : "you did not read it for",
                    format_duration(slow_reader_.limit())));
    update(now);
}

}  // namespace exapulse
