// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/command_channel.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "common/exabgp_spelling.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

// exapulsed accepts at once, or something is wrong with it.
constexpr milliseconds connect_timeout{2'000};

// The shell shows nothing meanwhile.
constexpr milliseconds longest_withdrawal{500};

}  // namespace

CommandChannel::CommandChannel(std::string socket, milliseconds timeout)
    : socket_(std::move(socket)), timeout_(timeout) {}

void CommandChannel::begin(const std::string& command, OnRespelled on_respelled) {
    answer_ = {};
    complete_ = false;
    last_heard_ = Clock::now();
    try {
        if (!connection_) {
            in_group_ = false;
            connection_ =
                std::make_unique<DaemonConnection>(socket_, std::min(timeout_, connect_timeout));
        }
    } catch (const Unreachable& error) {
        answer_.verdict = {ExitCode::NotSent, fmt::format("not-sent: {}", error.what())};
        complete_ = true;
        return;
    }
    exchange_ = std::make_unique<CommandExchange>(
        [this](std::string_view line) { answer_.lines.emplace_back(line); },
        [this](const Command&, const Verdict& verdict) {
            answer_.verdict = verdict;
            complete_ = true;
        },
        Speller(std::move(on_respelled), in_group_));
    exchange_->add({command});
    in_group_ = group_open_after(command, in_group_);
}

bool CommandChannel::wants_to_write() const {
    return exchange_ && !exchange_->outgoing().empty();
}

short CommandChannel::events() const {
    return connection_ ? connection_->events(true, wants_to_write()) : short{0};
}

std::optional<Clock::time_point> CommandChannel::deadline() const {
    return exchange_ ? std::optional(last_heard_ + timeout_) : std::nullopt;
}

void CommandChannel::go_on() {
    if (!connection_) return;
    if (wants_to_write()) exchange_->wrote(connection_->write_some(exchange_->outgoing()));
    read();
    if (exchange_ && !complete_ && Clock::now() >= last_heard_ + timeout_)
        withdraw(fmt::format("no answer within {} (--timeout)", format_duration(timeout_)),
                 timed_out(timeout_));
}

// What comes without a question belongs to nothing: the end of exapulsed, mostly.
void CommandChannel::read() {
    const auto bytes = connection_->read_some();
    if (bytes && bytes->empty()) return;
    if (!exchange_) return connection_.reset();
    if (!bytes) return give_up(connection_lost());
    last_heard_ = Clock::now();
    try {
        exchange_->feed(*bytes);
    } catch (const std::length_error& error) {
        give_up({ExitCode::OutcomeUnknown, error.what()});
    }
}

void CommandChannel::give_up(const Verdict& verdict) {
    exchange_->give_up(verdict);
    if (!complete_) answer_.verdict = not_sent("exapulsed closed the connection first");
    complete_ = true;
    connection_.reset();
}

std::optional<CommandChannel::Answer> CommandChannel::take() {
    if (!complete_) return std::nullopt;
    complete_ = false;
    exchange_.reset();
    return std::exchange(answer_, {});
}

void CommandChannel::withdraw(std::string_view why, const Verdict& in_doubt) {
    const auto until = Clock::now() + longest_withdrawal;
    bool waits = exchange_->withdraw(why, in_doubt);
    while (waits && connection_ && !complete_) {
        PollSet set;
        const auto exapulsed = set.add(fd(), events());
        waits = set.wait(until);
        if (set.writable(exapulsed))
            exchange_->wrote(connection_->write_some(exchange_->outgoing()));
        if (set.readable(exapulsed)) read();
    }
    if (connection_) give_up(in_doubt);
}

Verdict CommandChannel::cancel(std::string_view why) {
    withdraw(why, given_up(why));
    exchange_.reset();
    complete_ = false;
    return answer_.verdict;
}

}  // namespace exapulse::client
