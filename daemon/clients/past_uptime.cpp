// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/past_uptime.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace exapulse {

namespace {

/// Empty: the file can't be read now. Called by the store's thread.
std::string uptime_lines(EventStore& store, const UptimeQuestion& question) {
    const auto answer = store.peers_uptime(question);
    if (!answer) return {};
    std::string lines = format_uptime_start(answer->from, question.now, answer->complete) + '\n';
    for (const PeerUptime::Report& report : answer->reports)
        lines.append(format_uptime(report)).append("\n");
    return lines;
}

struct UptimeLines {
    std::string text{};  // with an LF after each
    std::size_t sent = 0;

    PagedAnswers::Page next_page(std::size_t bytes) {
        const std::string_view rest = std::string_view(text).substr(sent);
        std::size_t last_lf = rest.rfind('\n', bytes - 1);
        if (last_lf == rest.npos) last_lf = rest.find('\n');
        sent += last_lf + 1;
        return {.lines = std::string(rest.substr(0, last_lf + 1)),
                .last = sent == text.size(),
                .error = {}};
    }
};

}  // namespace

PagedAnswers::Fetch past_uptime(StoreThread& store, UptimeQuestion question) {
    question.known_until = store.peers_known_until(question.now);
    return [&store, question = std::move(question), lines = std::make_shared<UptimeLines>()](
               std::size_t bytes, PagedAnswers::Take take) {
        if (lines->sent > 0) return take(lines->next_page(bytes));
        store.ask<std::string>(
            [question](EventStore& events) { return uptime_lines(events, question); },
            [lines, bytes, take = std::move(take)](std::string text) {
                if (text.empty())
                    return take({.lines = {},
                                 .last = true,
                                 .error = refusal(ErrorCode::Busy,
                                                  "the history can't be read now, see `sidecar "
                                                  "status`; try again later")});
                lines->text = std::move(text);
                take(lines->next_page(bytes));
            });
    };
}

}  // namespace exapulse
