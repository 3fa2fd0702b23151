// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/event_runner.hpp"

#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

EventRunner::EventRunner(std::string command, std::string socket, std::chrono::milliseconds timeout)
    : socket_(std::move(socket)), process_(std::move(command), timeout) {}

void EventRunner::add(const nlohmann::json& event, const std::string& line,
                      const Cursor& /*after*/) {
    if (waiting_.size() >= most_waiting) {
        if (skipped_++ == 0)
            complain(
                fmt::format("{} events wait for --exec; further ones are dropped until it has "
                            "caught up",
                            most_waiting));
        return;
    }
    waiting_.push_back(exec_input(event, line, socket_));
    if (!running()) start_next();
}

// One that can't be started takes down its event, not the watch.
void EventRunner::start_next() {
    while (!running() && !waiting_.empty()) {
        const ExecInput next = std::move(waiting_.front());
        waiting_.pop_front();
        if (const int error = process_.start(next); error != 0)
            complain(fmt::format(
                "cannot start the command of --exec: {}; continuing with the next event",
                std::strerror(error)));
    }
}

void EventRunner::advance() {
    if (const auto ended = process_.advance()) on_ended(*ended);
}

void EventRunner::on_ended(const ExecProcess::Ended& ended) {
    if (!ended.ok)
        complain(
            fmt::format("the command of --exec {}; continuing with the next event", ended.how));
    if (waiting_.empty() && skipped_ > 0) {
        complain(fmt::format("{} dropped, the command of --exec was too slow",
                             counted(std::exchange(skipped_, 0), "event")));
    }
    start_next();
}

void EventRunner::drop_waiting() {
    if (!waiting_.empty())
        complain(fmt::format("{} not passed to --exec", counted(waiting_.size(), "event")));
    waiting_.clear();
}

void EventRunner::finish() {
    while (running()) {
        process_.wait();
        advance();
    }
}

}  // namespace exapulse::client
