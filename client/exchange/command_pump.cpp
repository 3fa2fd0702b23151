// SPDX-License-Identifier: BSD-3-Clause
// The client's only loop around commands.
#include "client/exchange/command_pump.hpp"

#include <fmt/format.h>

#include "client/exchange/command_exchange.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/exchange/signal_file.hpp"
#include "client/view/terminal.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

Verdict timed_out(std::chrono::milliseconds timeout) {
    return {ExitCode::TimedOut,
            fmt::format("no answer within {} (--timeout): the command was handed to exapulsed, its "
                        "outcome is unknown; look before you repeat it",
                        format_duration(timeout))};
}

Verdict connection_lost() {
    return {ExitCode::OutcomeUnknown,
            "outcome-unknown: exapulsed closed the connection before it answered; look before you "
            "repeat it"};
}

Verdict interrupted() {
    return {ExitCode::OutcomeUnknown,
            "interrupted: the command was handed to exapulsed, its outcome is unknown; look before "
            "you repeat it"};
}

}  // namespace

bool pump(DaemonConnection& connection, CommandExchange& exchange, InputLines* input,
          std::chrono::milliseconds timeout, const SignalFile* interrupts) {
    auto last_sign = Clock::now();
    for (;;) {
        const bool waiting = exchange.waiting();
        const bool input_open = input != nullptr && !input->ended();
        if (!waiting && (!input_open || exchange.stopped()))
            return !input_open && !exchange.first_unsent();

        const auto ready =
            connection.wait({.write = !exchange.outgoing().empty(),
                             .standard_input = input_open && exchange.wants_more(),
                             .also = interrupts == nullptr ? -1 : interrupts->fd()},
                            waiting ? std::optional(last_sign + timeout) : std::nullopt);
        if (ready.timed_out) {
            exchange.give_up(timed_out(timeout));
            return !input_open && !exchange.first_unsent();
        }
        if (ready.also) {
            exchange.give_up(interrupted());
            return !input_open && !exchange.first_unsent();
        }
        if (ready.standard_input) {
            input->read_some();
            if (!waiting) last_sign = Clock::now();
        }
        if (ready.write) exchange.wrote(connection.write_some(exchange.outgoing()));
        if (ready.read) {
            const auto bytes = connection.read_some();
            if (!bytes) {
                exchange.give_up(connection_lost());
                return !input_open && !exchange.first_unsent();
            }
            exchange.feed(*bytes);
            flush_output();
            last_sign = Clock::now();
        }
    }
}

}  // namespace exapulse::client
