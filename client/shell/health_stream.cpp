// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/health_stream.hpp"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2'000};
// Nobody at a prompt may wait for a full backlog.
constexpr milliseconds connect_again_timeout{100};

}  // namespace

HealthStream::HealthStream(std::string socket, milliseconds timeout, Style style)
    : socket_(std::move(socket)), feed_(style), pause_(first_pause) {
    attach(timeout);
}

int HealthStream::fd() const {
    return events_ ? events_->fd() : -1;
}

void HealthStream::attach(milliseconds timeout) {
    refusal_.reset();
    events_ = std::make_unique<Subscription>(
        socket_, timeout, fmt::format("sidecar subscribe {}", fmt::join(event_type_names, " ")));
}

std::vector<HealthFeed::Step> HealthStream::go_on() {
    std::vector<HealthFeed::Step> steps;
    if (events_)
        read(steps);
    else if (retry_at_ && Clock::now() >= *retry_at_)
        attach_again();
    return steps;
}

void HealthStream::attach_again() {
    retry_at_.reset();
    try {
        attach(connect_again_timeout);
    } catch (const Unreachable&) {
        retry_later();
    }
}

void HealthStream::read(std::vector<HealthFeed::Step>& steps) {
    const auto state = events_->read([&](const nlohmann::json& event, std::string_view) {
        pause_ = first_pause;
        auto step = feed_.on_event(event, std::chrono::system_clock::now());
        if (!step.text.empty()) steps.push_back(std::move(step));
        return true;
    });
    if (state == Subscription::State::Open) return;
    if (state == Subscription::State::Refused) refusal_ = events_->refusal();
    events_.reset();
    if (feed_.attached()) steps.push_back({feed_.on_lost(std::chrono::system_clock::now())});
    retry_later();
}

void HealthStream::retry_later() {
    retry_at_ = Clock::now() + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
}

}  // namespace exapulse::client
