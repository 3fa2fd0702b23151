// SPDX-License-Identifier: BSD-3-Clause
// StepSearch: how the dialogue gets into step, on a new connection and after the step was lost.
// Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "daemon/upstream/dialogue/ordered_protocol.hpp"
#include "daemon/upstream/dialogue/quiet_protocol.hpp"

namespace exapulse {

/// It starts with a *fence*: a probe with a fresh token, whose answer also says which dialect is
/// spoken, and so which protocol is right. That may want to be surer before, and after the state
/// that all clients of ExaBGP share was brought to known values.
///
///     Fence --answer--> Verifying --> Settling --answers--> Verifying --> found
///       ^--- AskAgain ------'
class StepSearch {
  public:
    explicit StepSearch(const DialogueParts& parts, TimePoint now)
        : parts_(parts), ordered_(parts), quiet_(parts, now) {}

    void on_connected() { ordered_.on_connected(); }
    /// Throws away what is in flight, and all that comes before the answer to a new fence.
    void begin(TimePoint now);

    // Until Step::Kind::Found; no other is returned but Same, Lost and Unusable.

    [[nodiscard]] Step on_line(std::string_view line, const UpstreamReply& reply, TimePoint now);
    [[nodiscard]] Step on_tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_tick() const;
    /// A ping is due. Begins anew if nothing has come for a while.
    void on_ping_due(TimePoint now);
    /// ExaBGP has answered a moment ago, and is not asked anything until it is sure to be done.
    [[nodiscard]] bool listens(TimePoint now) const;

    /// The protocol of the dialect that was last found.
    [[nodiscard]] AnswerProtocol& protocol() {
        if (wire_.rules().in_order) return ordered_;
        return quiet_;
    }
    [[nodiscard]] const AnswerProtocol& protocol() const {
        if (wire_.rules().in_order) return ordered_;
        return quiet_;
    }

  private:
    enum class Phase { Fence, Verifying, Settling };

    [[nodiscard]] Step follow(const Step& step, TimePoint now);
    [[nodiscard]] Step settle(TimePoint now);
    [[nodiscard]] Step settling_line(std::string_view line, const UpstreamReply& reply,
                                     TimePoint now);
    [[nodiscard]] std::optional<TimePoint> misread_due() const;
    void write_fence(TimePoint now);

    DialogueParts parts_;
    Wire& wire_ = parts_.wire;
    InFlight& in_flight_ = parts_.wire.in_flight();
    OrderedProtocol ordered_;
    QuietProtocol quiet_;
    Phase phase_ = Phase::Fence;
    std::size_t settled_ = 0;  // lines of DialectRules::settling that were answered
};

}  // namespace exapulse
