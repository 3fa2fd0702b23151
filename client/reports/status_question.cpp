// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/status_question.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "client/io/poll_set.hpp"
#include "common/json_fields.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait{1'000};
constexpr milliseconds between_questions{50};
/// An ExaBGP that has not answered by then hangs, and that is worth telling.
constexpr milliseconds just_started{3'000};

bool tells_nothing_yet(const Reply& reply) {
    return reply.verdict.code == ExitCode::Done && !reply.lines.empty() &&
           is_undecided(parsed(reply.lines.front()), std::chrono::system_clock::now());
}

}  // namespace

bool is_undecided(const nlohmann::json& status, std::chrono::system_clock::time_point now) {
    const auto started = time_field(status, "started");
    // Whatever has come of an attempt was an event.
    return text_field(status, "state") == name_of(HealthState::Connecting) &&
           number_field(status, "seq") == 0 && started && now >= *started &&
           now - *started < just_started;
}

Reply ask_for_status(const Endpoint& endpoint) {
    const auto until =
        Clock::now() + std::min(longest_wait, endpoint.timeout.value_or(longest_wait));
    Reply reply = ask(endpoint, "sidecar status");
    while (tells_nothing_yet(reply) && Clock::now() + between_questions < until) {
        (void)PollSet().wait(Clock::now() + between_questions);
        reply = ask(endpoint, "sidecar status");
    }
    return reply;
}

}  // namespace exapulse::client
