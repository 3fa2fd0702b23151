// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/health_stream.hpp"

#include <utility>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "common/protocol.hpp"

namespace exapulse::client {

using std::chrono::system_clock;

HealthStream::HealthStream(std::string socket, std::chrono::milliseconds timeout, Style style)
    : feed_(style), events_(std::move(socket), timeout, [] {
          return fmt::format("sidecar subscribe {}", fmt::join(event_type_names, " "));
      }) {}

std::vector<HealthFeed::Step> HealthStream::go_on() {
    std::vector<HealthFeed::Step> steps;
    const auto state = events_.go_on([&](const nlohmann::json& event, std::string_view) {
        auto step = feed_.on_event(event, system_clock::now());
        if (!step.text.empty()) steps.push_back(std::move(step));
        return true;
    });
    if (state != Subscription::State::Open && feed_.attached())
        steps.push_back({feed_.on_lost(system_clock::now())});
    return steps;
}

}  // namespace exapulse::client
