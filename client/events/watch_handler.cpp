// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/watch_handler.hpp"

#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "client/view/terminal.hpp"

namespace exapulse::client {

WatchHandler::WatchHandler(std::unique_ptr<EventHandler> handler)
    : handler_(std::move(handler)), signals_(std::make_unique<SignalFile>(ending_signals)) {}

void WatchHandler::add_to(PollSet& set) const {
    set.add(handler_->fd());
    set.add(signals_->fd());
}

// The first signal ends the command and then this process; a second one ends the command at once.
void WatchHandler::attend() {
    while (const auto number = signals_->next()) {
        if (!signal_ && handler_->running())
            complain(fmt::format("{}: terminating the running command of --exec too",
                                 strsignal(*number)));
        if (!signal_) handler_->drop_waiting();
        signal_ = number;
        handler_->end();
    }
    handler_->advance();
}

void WatchHandler::finish() {
    while (handler_->running()) {
        PollSet set;
        add_to(set);
        (void)set.wait(deadline());
        attend();
    }
}

void WatchHandler::die() {
    flush_output();
    signals_.reset();
    std::raise(*signal_);
}

}  // namespace exapulse::client
