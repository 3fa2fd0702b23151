// SPDX-License-Identifier: BSD-3-Clause
// LineReply: how exapulsed replies to a client's line, decided in one place and sent in another.
#pragma once

#include <cassert>
#include <string>
#include <utility>

#include "common/protocol.hpp"
#include "daemon/events/event.hpp"

namespace exapulse {

struct LineReply {
    enum class Kind {
        Done,     ///< exapulsed answers it: `text`, if any, and `done`
        Failed,   ///< exapulsed answers as ExaBGP would: `text` and `error`
        Refused,  ///< exapulsed answers `error`, with `code` and `text` before it
        Stream,   ///< a snapshot, and from then on the events of `types`
        Pages,  ///< PagedAnswers sends the answer; recorded as done now, since the client may leave
        Later,  ///< it was submitted: its AnswerSink gets the verdict
    };
    Kind kind = Kind::Later;
    std::string text{};  ///< lines without the last LF; of a refusal, why
    ErrorCode code{};
    EventTypes types{};

    [[nodiscard]] static LineReply done(std::string text = {}) {
        assert(!text.ends_with('\n'));
        return {.kind = Kind::Done, .text = std::move(text), .code = {}, .types = {}};
    }
    [[nodiscard]] static LineReply failed(std::string text) {
        assert(!text.empty());
        return {.kind = Kind::Failed, .text = std::move(text), .code = {}, .types = {}};
    }
    [[nodiscard]] static LineReply refused(ErrorCode code, std::string why) {
        assert(!why.empty());
        return {.kind = Kind::Refused, .text = std::move(why), .code = code, .types = {}};
    }
    [[nodiscard]] static LineReply stream(const EventTypes& types) {
        assert(types.any());
        return {.kind = Kind::Stream, .text = {}, .code = {}, .types = types};
    }
    [[nodiscard]] static LineReply pages() {
        return {.kind = Kind::Pages, .text = {}, .code = {}, .types = {}};
    }
    [[nodiscard]] static LineReply later() { return {}; }
};

/// The lines of exapulsed's own answer that refuses something.
[[nodiscard]] inline std::string refusal(ErrorCode code, std::string_view why) {
    return format_error(code, why) + "\nerror\n";
}

}  // namespace exapulse
