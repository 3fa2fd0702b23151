// SPDX-License-Identifier: BSD-3-Clause
// The client's only loop around commands.
#include "client/exchange/command_pump.hpp"

#include <algorithm>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "client/exchange/answer.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/input_lines.hpp"
#include "client/io/output_lines.hpp"
#include "client/io/poll_set.hpp"
#include "client/io/signal_file.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds slow{1'000};

// exapulsed answers this at once, or it answers nothing.
constexpr milliseconds longest_withdrawal{1'000};

class CommandPump {
  public:
    CommandPump(DaemonConnection& connection, CommandExchange& exchange, milliseconds timeout,
                PumpEnds ends)
        : connection_(connection), exchange_(exchange), timeout_(timeout), ends_(std::move(ends)) {}

    Pumped run() {
        while (going_on()) turn();
        const bool read_all = ends_.input == nullptr || ends_.input->ended();
        return {.complete = read_all && !exchange_.first_unsent(),
                .why = why_,
                .interrupted = interrupted_};
    }

  private:
    // After a signal, the reader of the output is not waited for.
    [[nodiscard]] bool going_on() const {
        if (interrupted_ && gave_up()) return false;
        return conversing() || unwritten();
    }

    [[nodiscard]] bool gave_up() const { return !why_.empty(); }
    [[nodiscard]] bool conversing() const {
        return !gave_up() && (exchange_.waiting() || (input_open() && !exchange_.stopped()));
    }
    [[nodiscard]] bool input_open() const {
        return ends_.input != nullptr && !ends_.input->ended();
    }
    [[nodiscard]] bool unwritten() const {
        return ends_.output != nullptr && !ends_.output->empty();
    }
    /// Not while nobody takes the output.
    [[nodiscard]] bool reading() const {
        return conversing() && !(unwritten() && ends_.output->full());
    }
    /// exapulsed has to say something, and only then its silence counts.
    [[nodiscard]] bool due() const { return reading() && exchange_.waiting(); }

    void turn() {
        PollSet set;
        const bool sending = conversing() && !exchange_.outgoing().empty();
        const bool asking = reading() && input_open() && exchange_.wants_more();
        const auto exapulsed = set.add(connection_.fd(), connection_.events(reading(), sending));
        const auto input = set.add(asking ? STDIN_FILENO : -1);
        const auto interrupts = set.add(ends_.interrupts == nullptr ? -1 : ends_.interrupts->fd());
        set.add(unwritten() ? STDOUT_FILENO : -1, POLLOUT);

        const bool in_time = set.wait(deadline());
        if (!due()) last_heard_ = Clock::now();
        if (!in_time) on_timeout();
        if (set.readable(interrupts)) on_signal();
        if (!gave_up() && set.readable(input)) ends_.input->read_some();
        if (!gave_up() && set.writable(exapulsed))
            exchange_.wrote(connection_.write_some(exchange_.outgoing()));
        if (!gave_up() && set.readable(exapulsed)) read();
        if (withdrawal_ && !gave_up() && !exchange_.waiting()) why_ = withdrawal_->why;
        if (ends_.output != nullptr) ends_.output->write_some();
    }

    [[nodiscard]] std::optional<Clock::time_point> deadline() const {
        if (withdrawal_) return withdrawal_->until;
        if (!due()) return std::nullopt;
        return last_heard_ + (ends_.on_slow ? std::min(slow, timeout_) : timeout_);
    }

    void on_timeout() {
        if (!withdrawal_ && ends_.on_slow && Clock::now() < last_heard_ + timeout_)
            return std::exchange(ends_.on_slow, {})();
        const std::string time = format_duration(timeout_);
        withdraw(timed_out(timeout_),
                 fmt::format("exapulsed did not answer within {} (--timeout)", time),
                 fmt::format("no answer within {} (--timeout)", time));
    }

    void on_signal() {
        while (ends_.interrupts->next()) interrupted_ = true;
        withdraw(given_up("interrupted"), "interrupted", "interrupted");
    }

    void read() {
        last_heard_ = Clock::now();
        const auto bytes = connection_.read_some();
        if (!bytes) return give_up(connection_lost(), "exapulsed closed the connection first");
        try {
            exchange_.feed(*bytes);
        } catch (const std::length_error& error) {
            give_up({ExitCode::OutcomeUnknown, error.what()}, error.what());
        }
    }

    /// For what this side gives up, with exapulsed still there. A second time is the last.
    void withdraw(const Verdict& verdict, const std::string& why, std::string_view told) {
        if (withdrawal_ || !ends_.withdraw || !exchange_.withdraw(told, verdict))
            return give_up(verdict, why);
        withdrawal_ = {why, verdict, Clock::now() + std::min(timeout_, longest_withdrawal)};
    }

    /// A withdrawal had its reason before.
    void give_up(const Verdict& verdict, const std::string& why) {
        exchange_.give_up(withdrawal_ ? withdrawal_->verdict : verdict);
        why_ = withdrawal_ ? withdrawal_->why : why;
    }

    struct Withdrawal {
        std::string why;
        Verdict verdict;
        Clock::time_point until;
    };

    DaemonConnection& connection_;
    CommandExchange& exchange_;
    milliseconds timeout_;
    PumpEnds ends_;
    Clock::time_point last_heard_ = Clock::now();
    bool interrupted_ = false;
    std::optional<Withdrawal> withdrawal_;  // exapulsed is asked to, its verdicts are awaited
    std::string why_;                       // it was given up; empty: it was not
};

}  // namespace

Pumped pump(DaemonConnection& connection, CommandExchange& exchange, milliseconds timeout,
            PumpEnds ends) {
    return CommandPump(connection, exchange, timeout, std::move(ends)).run();
}

}  // namespace exapulse::client
