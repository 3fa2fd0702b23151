// SPDX-License-Identifier: BSD-3-Clause
// The client's only loop around commands.
#include "client/exchange/command_pump.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/exchange/output_lines.hpp"
#include "client/exchange/signal_file.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

constexpr std::chrono::milliseconds slow{1'000};

// exapulsed answers this at once, or it answers nothing.
constexpr std::chrono::milliseconds longest_withdrawal{1'000};

}  // namespace

Pumped pump(DaemonConnection& connection, CommandExchange& exchange,
            std::chrono::milliseconds timeout, PumpEnds ends) {
    auto last_sign = Clock::now();
    bool interrupted = false;
    std::string why;  // given up
    struct Withdrawal {
        std::string why;
        Verdict verdict;
        Clock::time_point until;
    };
    std::optional<Withdrawal> withdrawal;
    const auto give_up = [&](const Verdict& verdict, std::string reason) {
        exchange.give_up(withdrawal ? withdrawal->verdict : verdict);
        why = withdrawal ? withdrawal->why : std::move(reason);
    };
    // For what is given up by us, not because exapulsed is gone.
    const auto withdraw = [&](const Verdict& verdict, const std::string& reason,
                              std::string_view told) {
        if (withdrawal || !ends.withdraw || !exchange.withdraw(told, verdict))
            return give_up(verdict, reason);
        withdrawal = {reason, verdict, Clock::now() + std::min(timeout, longest_withdrawal)};
    };
    while (!interrupted || why.empty()) {
        const bool input_open = ends.input != nullptr && !ends.input->ended();
        const bool unanswered = exchange.waiting() || (input_open && !exchange.stopped());
        if (withdrawal && why.empty() && !exchange.waiting()) {
            why = withdrawal->why;
            if (ends.output != nullptr) ends.output->write_some();
            continue;
        }
        const bool going_on = why.empty() && unanswered;
        const bool unwritten = ends.output != nullptr && !ends.output->empty();
        if (!going_on && !unwritten) break;

        const bool reading = going_on && !(unwritten && ends.output->full());
        const bool due = reading && exchange.waiting();
        const auto ready = connection.wait(
            {.read = reading,
             .write = going_on && !exchange.outgoing().empty(),
             .standard_input = reading && input_open && exchange.wants_more(),
             .standard_output = unwritten,
             .also = {ends.interrupts == nullptr ? -1 : ends.interrupts->fd(), -1}},
            withdrawal ? std::optional(withdrawal->until)
            : due ? std::optional(last_sign + (ends.on_slow ? std::min(slow, timeout) : timeout))
                  : std::nullopt);
        if (!due) last_sign = Clock::now();
        if (ready.timed_out && !withdrawal && ends.on_slow && Clock::now() < last_sign + timeout)
            std::exchange(ends.on_slow, {})();
        else if (ready.timed_out)
            withdraw(timed_out(timeout),
                     fmt::format("exapulsed did not answer within {} (--timeout)",
                                 format_duration(timeout)),
                     fmt::format("no answer within {} (--timeout)", format_duration(timeout)));
        if (ready.also) {
            while (ends.interrupts->next()) interrupted = true;
            withdraw(given_up("interrupted"), "interrupted", "interrupted");
        }
        if (!why.empty()) {
            if (ends.output != nullptr) ends.output->write_some();
            continue;
        }
        if (ready.standard_input) ends.input->read_some();
        if (ready.write) exchange.wrote(connection.write_some(exchange.outgoing()));
        if (ready.read) {
            last_sign = Clock::now();
            const auto bytes = connection.read_some();
            if (!bytes) {
                give_up(connection_lost(), "exapulsed closed the connection first");
                continue;
            }
            try {
                exchange.feed(*bytes);
            } catch (const std::length_error& error) {
                give_up({ExitCode::OutcomeUnknown, error.what()}, error.what());
            }
        }
        if (ends.output != nullptr) ends.output->write_some();
    }
    const bool read_all = ends.input == nullptr || ends.input->ended();
    return {
        .complete = read_all && !exchange.first_unsent(), .why = why, .interrupted = interrupted};
}

}  // namespace exapulse::client
