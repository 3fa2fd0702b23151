// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/pipelining_proof.hpp"

#include <cassert>
#include <iterator>

namespace exapulse {

void PipeliningProof::reset() {
    if (asking()) state_ = State::Unknown;
}

void PipeliningProof::ask(TimePoint now) {
    assert(parts_.wire.in_flight().empty());
    state_ = State::Asking;
    parts_.wire.write_fence(now);
    parts_.wire.write_fence(now);
}

Step PipeliningProof::on_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    assert(asking());
    InFlight& in_flight = parts_.wire.in_flight();
    if (in_flight.empty() || !parts_.wire.fence_passed(line, reply, now)) return {};
    in_flight.pop_front();
    first_answer_at_ = now;
    parts_.wire.note_sign_of_life(now);
    if (!in_flight.empty()) return {};
    state_ = State::Proven;
    return {Step::Kind::Found};
}

Step PipeliningProof::on_tick(TimePoint now) {
    const auto due = next_tick();
    if (!due || now < *due) return {};
    parts_.listener.on_remark(
        "ExaBGP answers only the first of two lines written at once (exabgp.api.multi_client?): "
        "commands go one by one, and an echo that confirms an answer takes a turn of its own");
    state_ = State::Refuted;
    return {Step::Kind::AskAgain};
}

std::optional<TimePoint> PipeliningProof::next_tick() const {
    assert(asking());
    const InFlight& in_flight = parts_.wire.in_flight();
    const bool second_due =
        std::distance(in_flight.begin(), in_flight.end()) == 1 && !in_flight.front().echoed_at;
    if (!second_due) return std::nullopt;
    return first_answer_at_ + patience;
}

}  // namespace exapulse
