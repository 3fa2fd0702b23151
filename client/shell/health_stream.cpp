// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/health_stream.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "client/connect_problem.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_event = 4U << 20;  // the snapshot names every peer
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2'000};
// Nobody at a prompt may wait for a full backlog.
constexpr milliseconds connect_again_timeout{100};

}  // namespace

HealthStream::HealthStream(std::string socket, milliseconds timeout, Style style)
    : socket_(std::move(socket)), feed_(style), framer_(longest_event), pause_(first_pause) {
    attach(timeout);
}

int HealthStream::fd() const {
    return connection_ ? connection_->fd() : -1;
}

void HealthStream::attach(milliseconds timeout) {
    connection_ = std::make_unique<DaemonConnection>(socket_, timeout);
    framer_.reset();
    opened_ = refused_ = false;
    // Far smaller than a socket buffer, and nothing is in it yet: it goes out whole.
    connection_->write_some("sidecar subscribe\n");
}

std::vector<HealthFeed::Step> HealthStream::go_on() {
    std::vector<HealthFeed::Step> steps;
    if (connection_)
        read(steps);
    else if (retry_at_ && Clock::now() >= *retry_at_)
        attach_again();
    return steps;
}

void HealthStream::attach_again() {
    retry_at_.reset();
    try {
        attach(connect_again_timeout);
    } catch (const Unreachable& error) {
        problem_ = error.what();
        retry_later();
    }
}

void HealthStream::read(std::vector<HealthFeed::Step>& steps) {
    const auto bytes = connection_->read_some();
    if (bytes)
        framer_.feed(*bytes, [&](const LineFramer::Line& line) {
            on_line(line.text, steps);
            return !refused_;
        });
    if (bytes && !refused_) return;
    connection_.reset();
    if (feed_.attached()) {
        pause_ = first_pause;
        steps.push_back({feed_.on_lost(std::chrono::system_clock::now())});
    }
    retry_later();
}

// `error: busy` and its like, or no exapulsed at all: what comes is no event, and ends the stream.
void HealthStream::on_line(std::string_view line, std::vector<HealthFeed::Step>& steps) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (!event.is_object()) {
        problem_ = line.starts_with(error_prefix) ? std::string(line.substr(error_prefix.size()))
                                                  : foreign_socket(socket_);
        refused_ = true;
        return;
    }
    if (!std::exchange(opened_, true)) pause_ = first_pause;
    steps.push_back(feed_.on_event(event, std::chrono::system_clock::now()));
}

void HealthStream::retry_later() {
    retry_at_ = Clock::now() + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
}

}  // namespace exapulse::client
