// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/command_deadlines.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse {

void CommandDeadlines::expire_waiting(TimePoint away_since, std::string_view why,
                                      TimePoint now) const {
    const Milliseconds hold = parts_.settings.hold;
    for (const Command& command : parts_.queue.take_expired(now, away_since, hold))
        parts_.verdicts.lose(
            command, ErrorCode::NotSent,
            fmt::format("ExaBGP is away for {} ({}); the command waited commands.hold ({}) and "
                        "was not written, it is safe to repeat",
                        describe_duration(elapsed(away_since, now)), why, format_duration(hold)));
}

std::optional<TimePoint> CommandDeadlines::next_expiry(TimePoint away_since) const {
    return parts_.queue.next_expiry(away_since, parts_.settings.hold);
}

const InFlight::Entry* CommandDeadlines::first_unjudged() const {
    for (const InFlight::Entry& entry : parts_.wire.in_flight())
        if (entry.kind == InFlight::Kind::Command && !entry.judged) return &entry;
    return nullptr;
}

TimePoint CommandDeadlines::deadline_of(const InFlight::Entry& entry) const {
    return parts_.wire.deadline_of(entry, parts_.settings.deadline);
}

std::optional<TimePoint> CommandDeadlines::next() const {
    const InFlight::Entry* first = first_unjudged();
    // Behind a ping the ping is the judge of ExaBGP.
    if (first == nullptr || parts_.wire.in_flight().front().kind != InFlight::Kind::Command)
        return std::nullopt;
    return deadline_of(*first);
}

Step CommandDeadlines::miss(TimePoint now) const {
    InFlight& in_flight = parts_.wire.in_flight();
    assert(!in_flight.empty());
    const InFlight::Entry& head = in_flight.front();
    parts_.queue.penalise(head.command, elapsed(head.written_at, now), now);
    const std::uint64_t from_head_on = in_flight.written() - head.offset;
    const std::string deadline = format_duration(parts_.settings.deadline);
    if (parts_.listener.unsent() >= from_head_on && parts_.listener.on_take_back(from_head_on)) {
        in_flight.unwrite(from_head_on);
        parts_.verdicts.lose_all(
            ErrorCode::NotSent,
            fmt::format("ExaBGP took no byte of it for commands.deadline ({}); it is safe "
                        "to repeat",
                        deadline));
    } else {
        const std::string why = fmt::format(
            "it was written to ExaBGP, and no answer made progress for commands.deadline ({})",
            deadline);
        for (InFlight::Entry& entry : in_flight) {
            if (entry.kind != InFlight::Kind::Command || entry.judged || now < deadline_of(entry))
                continue;
            entry.judged = true;
            parts_.verdicts.lose(entry, ErrorCode::OutcomeUnknown, why);
        }
        if (first_unjudged() != nullptr) return {};  // written later
    }
    return {Step::Kind::Lost, "a command got no answer within commands.deadline"};
}

}  // namespace exapulse
