// SPDX-License-Identifier: BSD-3-Clause
#include "client/exchange/lasting_subscription.hpp"

#include <algorithm>
#include <utility>

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2'000};
// Neither a prompt nor a command that runs may wait long for a full backlog.
constexpr milliseconds connect_again_timeout{100};

}  // namespace

LastingSubscription::LastingSubscription(std::string socket, milliseconds timeout, Request request)
    : socket_(std::move(socket)), request_(std::move(request)), pause_(first_pause) {
    attach(timeout);
}

void LastingSubscription::attach(milliseconds timeout) {
    refusal_.reset();
    events_ = std::make_unique<Subscription>(socket_, timeout, request_());
    heard_at_ = Clock::now();
    retry_at_.reset();
}

void LastingSubscription::attach_again() {
    try {
        attach(connect_again_timeout);
    } catch (const Unreachable&) {
        retry_later();
    }
}

Subscription::State LastingSubscription::go_on(const Subscription::OnEvent& on_event) {
    if (!events_) {
        if (Clock::now() >= *retry_at_) attach_again();
        return Subscription::State::Open;
    }
    const auto state = events_->read([&](const nlohmann::json& event, std::string_view line) {
        pause_ = first_pause;
        heard_at_ = Clock::now();
        return on_event(event, line);
    });
    if (state == Subscription::State::Open) return state;
    if (state == Subscription::State::Refused) refusal_ = events_->refusal();
    events_.reset();
    retry_later();
    return state;
}

void LastingSubscription::renew() {
    events_.reset();
    retry_at_ = Clock::now();
}

void LastingSubscription::retry_later() {
    retry_at_ = Clock::now() + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
}

}  // namespace exapulse::client
