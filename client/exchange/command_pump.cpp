// SPDX-License-Identifier: BSD-3-Clause
// The client's only loop around commands.
#include "client/exchange/command_pump.hpp"

#include <algorithm>
#include <utility>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/exchange/signal_file.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

constexpr std::chrono::milliseconds slow{1'000};

}  // namespace

Pumped pump(DaemonConnection& connection, CommandExchange& exchange, InputLines* input,
            std::chrono::milliseconds timeout, SignalFile* interrupts,
            std::function<void()> on_slow) {
    auto last_sign = Clock::now();
    bool interrupted = false;
    for (;;) {
        const bool waiting = exchange.waiting();
        const bool input_open = input != nullptr && !input->ended();
        if (!waiting && (!input_open || exchange.stopped())) break;

        const auto ready = connection.wait(
            {.write = !exchange.outgoing().empty(),
             .standard_input = input_open && exchange.wants_more(),
             .also = interrupts == nullptr ? -1 : interrupts->fd()},
            waiting ? std::optional(last_sign + (on_slow ? std::min(slow, timeout) : timeout))
                    : std::nullopt);
        if (ready.timed_out && on_slow && Clock::now() < last_sign + timeout) {
            std::exchange(on_slow, {})();
            continue;
        }
        if (ready.timed_out) {
            exchange.give_up(timed_out(timeout));
            break;
        }
        if (ready.also) {
            while (interrupts->next()) interrupted = true;
            exchange.give_up(given_up("interrupted"));
            break;
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
                break;
            }
            exchange.feed(*bytes);
            flush_output();
            last_sign = Clock::now();
        }
    }
    const bool read_all = input == nullptr || input->ended();
    return {.complete = read_all && !exchange.first_unsent(), .interrupted = interrupted};
}

}  // namespace exapulse::client
