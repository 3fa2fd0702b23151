// SPDX-License-Identifier: BSD-3-Clause
#include "client/exchange/subscription.hpp"

#include <nlohmann/json.hpp>

#include "client/exchange/connect_problem.hpp"

namespace exapulse::client {

Subscription::Subscription(const std::string& socket, std::chrono::milliseconds timeout,
                           const std::string& request)
    : socket_(socket), connection_(socket, timeout) {
    // Far smaller than a socket buffer, and nothing is in it yet: it goes out whole. Should
    // exapulsed have closed already, what it said is still to be read.
    connection_.write_some(request + "\n");
}

Subscription::State Subscription::read(const OnEvent& on_event) {
    const auto bytes = connection_.read_some();
    if (!bytes) return State::Closed;
    framer_.feed(*bytes, [&](const LineFramer::Line& line) {
        const auto event = nlohmann::json::parse(line.text, nullptr, false);
        if (event.is_object()) return on_event(event, line.text);
        on_refusal(line.text);
        return !refusal_;
    });
    return refusal_ ? State::Refused : State::Open;
}

// exapulsed's own refusals have codes; what has none comes from somebody else.
void Subscription::on_refusal(std::string_view line) {
    const auto verdict = answer_.feed(line, [](std::string_view) {});
    if (!verdict) return;
    refusal_ = verdict->error ? *verdict : Verdict{ExitCode::Unreachable, foreign_socket(socket_)};
}

}  // namespace exapulse::client
