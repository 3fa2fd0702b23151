// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/command_feed.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/exabgp/command_guard.hpp"

namespace exapulse {

void CommandFeed::release_held() const {
    if (!asks_for_names()) parts_.queue.release();
}

bool CommandFeed::write_next(AnswerProtocol& answers, TimePoint now) const {
    CommandQueue& queue = parts_.queue;
    const DialectRules& rules = parts_.wire.rules();
    auto command = queue.pop(now);
    if (!command) return false;
    if (!answers.has_room_for(*command, now)) {
        queue.put_back(std::move(*command));
        return false;
    }
    // A question about peers gets its line when it is admitted.
    const std::string harm =
        command->peers ? std::string()
                       : guard_against(rules, *command->request, parts_.settings.unguarded);
    if (!harm.empty()) {
        parts_.verdicts.lose(*command, ErrorCode::Denied, harm);
        return true;
    }
    auto admission = parts_.listener.on_admit(*command, rules, now);
    if (admission.refused) {
        parts_.verdicts.lose(*command, ErrorCode::Denied, admission.why);
    } else if (admission.question) {
        const SessionId owner = command->owner;
        queue.put_back(std::move(*command));
        if (rules.in_order) queue.hold(owner);  // the others need not wait for the answer
        if (!asks_for_names()) answers.write(std::move(*admission.question), now);
    } else {
        answers.write(std::move(*command), now);
    }
    return true;
}

bool CommandFeed::asks_for_names() const {
    const InFlight& in_flight = parts_.wire.in_flight();
    return std::any_of(in_flight.begin(), in_flight.end(), [](const InFlight::Entry& entry) {
        return entry.kind == InFlight::Kind::Command && entry.command.asks_for_names();
    });
}

}  // namespace exapulse
