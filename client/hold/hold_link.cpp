// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/hold_link.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_retry{100};
constexpr milliseconds longest_retry{2'000};
// Neither the check nor a signal may wait long for a full backlog.
constexpr milliseconds attach_timeout{100};
constexpr std::size_t longest_line_of_answer = 64U << 20;

}  // namespace

HoldLink::HoldLink(std::string socket, milliseconds timeout, HoldState& state)
    : socket_(std::move(socket)),
      timeout_(timeout),
      state_(state),
      framer_(longest_line_of_answer),
      retry_at_(Clock::now()),
      pause_(first_retry) {}

void HoldLink::add_to(PollSet& set) {
    write();
    slot_ = connection_ ? set.add(connection_->fd(), connection_->events(true, !out_.empty()))
                        : set.add(-1);
}

std::optional<Clock::time_point> HoldLink::due() const {
    if (!connection_) return retry_at_;
    const auto answer = waiting_ > 0 ? std::optional(heard_at_ + timeout_) : std::nullopt;
    return earlier(answer, state_.due(Clock::now()));
}

void HoldLink::go_on(const PollSet& set) {
    if (connection_ && set.readable(slot_)) read();
    if (!connection_ && Clock::now() >= *retry_at_) attach();
    if (connection_ && waiting_ > 0 && Clock::now() >= heard_at_ + timeout_)
        lose(fmt::format("exapulsed has not answered within {} (--timeout)",
                         format_duration(timeout_)));
    write();
}

void HoldLink::attach() {
    try {
        connection_ = std::make_unique<DaemonConnection>(socket_, attach_timeout);
    } catch (const Unreachable& error) {
        return lose(error.what());
    }
    framer_.reset();
    answer_ = {};
    out_.clear();
    waiting_ = 0;
    state_.attached();
}

void HoldLink::read() {
    const auto bytes = connection_->read_some();
    if (!bytes) return lose("exapulsed closed the connection");
    heard_at_ = Clock::now();
    feed(*bytes);
}

void HoldLink::feed(std::string_view bytes) {
    framer_.feed(bytes, [this](const LineFramer::Line& line) {
        const auto verdict =
            answer_.feed(line.text, [this](std::string_view data) { state_.data(data); });
        if (!verdict) return true;
        if (waiting_ > 0) --waiting_;
        if (verdict->code == ExitCode::Done) pause_ = first_retry;
        state_.answered(*verdict, Clock::now());
        return true;
    });
}

void HoldLink::write() {
    if (!connection_) return;
    while (const auto line = state_.next(Clock::now())) {
        out_ += *line;
        out_ += '\n';
        if (waiting_++ == 0) heard_at_ = Clock::now();
    }
    if (!out_.empty()) out_.erase(0, connection_->write_some(out_));
}

void HoldLink::lose(const std::string& why) {
    connection_.reset();
    retry_at_ = Clock::now() + pause_;
    pause_ = std::min(2 * pause_, longest_retry);
    state_.lost(why);
}

}  // namespace exapulse::client
