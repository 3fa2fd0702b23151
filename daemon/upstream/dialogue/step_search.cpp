// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/dialogue/step_search.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace exapulse {

namespace {

/// A fence or a settling line that brought nothing for this long by the next ping is repeated.
constexpr Milliseconds patience{500};

}  // namespace

void StepSearch::begin(TimePoint now) {
    ordered_.reset();
    quiet_.reset();
    write_fence(now);
}

/// What was asked before may have been swallowed; the newest token is the one that counts.
void StepSearch::write_fence(TimePoint now) {
    in_flight_.clear();
    phase_ = Phase::Fence;
    wire_.write_fence(now);
}

Step StepSearch::on_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    switch (phase_) {
        case Phase::Fence: {
            if (in_flight_.empty() || !wire_.fence_passed(line, reply, now)) return {};
            const bool alone = in_flight_.front().came_before == InFlight::BeforeEcho::Nothing;
            in_flight_.clear();
            phase_ = Phase::Verifying;
            settled_ = 0;
            return follow(protocol().on_echo(alone, now), now);
        }
        case Phase::Verifying:
            return follow(protocol().on_line(line, reply, now), now);
        case Phase::Settling:
            return settling_line(line, reply, now);
    }
    return {};
}

Step StepSearch::follow(const Step& step, TimePoint now) {
    switch (step.kind) {
        case Step::Kind::Found:
            return settle(now);
        case Step::Kind::AskAgain:
            write_fence(now);
            return {};
        case Step::Kind::Same:
        case Step::Kind::Unasked:
            return {};
        case Step::Kind::Lost:
        case Step::Kind::Unusable:
            break;
    }
    return step;
}

Step StepSearch::settle(TimePoint now) {
    const auto& lines = wire_.rules().settling;
    if (settled_ < lines.size()) {
        phase_ = Phase::Settling;
        wire_.write_apart(lines[settled_], now);
        return {};
    }
    phase_ = Phase::Verifying;
    return protocol().on_settled(now);
}

Step StepSearch::settling_line(std::string_view line, const UpstreamReply& reply, TimePoint now) {
    if (settled_ + 1 == wire_.rules().settling.size()) wire_.learn_version(line);
    if (line.find("group processed") != line.npos)
        parts_.listener.on_remark(
            fmt::format("an earlier client had left a group open; now closed: {}", line));
    if (!is_terminator(reply)) return {};
    wire_.note_sign_of_life(now);
    ++settled_;
    return settle(now);
}

Step StepSearch::on_tick(TimePoint now) {
    if (phase_ == Phase::Verifying) return follow(protocol().on_tick(now), now);
    if (const auto due = misread_due(); due && now >= *due) begin(now);
    return {};
}

std::optional<TimePoint> StepSearch::next_tick() const {
    return phase_ == Phase::Verifying ? protocol().next_tick() : misread_due();
}

/// When a fence is to be written again of which ExaBGP seems to have read only a part: an `error`
/// came in place of its answer. One that an earlier client left is followed by the answer.
std::optional<TimePoint> StepSearch::misread_due() const {
    const InFlight::Entry* fence = wire_.fence();
    if (phase_ != Phase::Fence || fence == nullptr ||
        fence->came_before != InFlight::BeforeEcho::Error)
        return std::nullopt;
    return fence->written_at + patience;
}

void StepSearch::on_ping_due(TimePoint now) {
    if (protocol().listens_for()) return;
    // While ExaBGP takes nothing more, another question is of no use.
    if (parts_.listener.unsent() > 0) return;
    if (now - std::max(wire_.last_progress(), wire_.last_written()) >= patience) begin(now);
}

bool StepSearch::listens(TimePoint now) const {
    const auto listening = protocol().listens_for();
    return listening && now - wire_.sign_of_life_at() <= *listening + long_pause;
}

}  // namespace exapulse
