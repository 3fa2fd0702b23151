// SPDX-License-Identifier: BSD-3-Clause
// `exapulse wait`: subscribes, and subscribes again, until what is waited for holds or time is up.
#include "client/wait_command.hpp"

#include <algorithm>
#include <memory>
#include <poll.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/answer.hpp"
#include "client/connect_problem.hpp"
#include "client/daemon_connection.hpp"
#include "client/terminal.hpp"
#include "client/wait_progress.hpp"
#include "common/line_framer.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

// With every peer in it; what is longer is none.
constexpr std::size_t longest_event = 64U << 20;

constexpr milliseconds first_pause{200};
constexpr milliseconds longest_pause{2'000};

class Wait {
  public:
    Wait(const Arguments& arguments, const WaitOptions& options)
        : arguments_(arguments), progress_(options) {
        if (arguments.timeout) deadline_ = Clock::now() + *arguments.timeout;
    }

    ExitCode run() {
        while (!progress_.holds()) {
            if (refused_) {
                complain(refused_->text);
                return refused_->code;
            }
            if (time_is_up()) return too_late();
            if (connection_ || attach()) listen();
        }
        if (!arguments_.quiet) print_line(progress_.fulfilled());
        flush_output();
        return ExitCode::Done;
    }

  private:
    [[nodiscard]] bool time_is_up() const { return deadline_ && Clock::now() >= *deadline_; }

    [[nodiscard]] milliseconds time_left() const {
        if (!deadline_) return default_timeout;
        const auto left = std::chrono::ceil<milliseconds>(*deadline_ - Clock::now());
        return std::clamp(left, milliseconds(1), default_timeout);
    }

    /// An exapulsed that was there is waited for; one that never was only where a time is set.
    bool attach() {
        try {
            connection_ = std::make_unique<DaemonConnection>(arguments_.socket, time_left());
        } catch (const Unreachable& error) {
            if (!attached_ && !deadline_) throw;
            unreachable_ = error.what();
            const milliseconds pause = std::min(pause_, time_left());
            poll(nullptr, 0, static_cast<int>(pause.count()));
            pause_ = std::min(2 * pause_, longest_pause);
            return false;
        }
        attached_ = true;
        pause_ = first_pause;
        framer_ = std::make_unique<LineFramer>(longest_event);
        refusal_ = {};
        // Far smaller than a socket buffer, and nothing is in it yet: it goes out whole.
        connection_->write_some(progress_.request() + "\n");
        return true;
    }

    void listen() {
        const auto ready = connection_->wait({}, deadline_);
        if (!ready.read) return;
        const auto bytes = connection_->read_some();
        if (!bytes) {
            connection_.reset();
            progress_.on_lost();
            poll(nullptr, 0, static_cast<int>(std::min(pause_, time_left()).count()));
            return;
        }
        framer_->feed(*bytes, [this](const LineFramer::Line& line) {
            on_line(line.text);
            return !refused_ && !progress_.holds();
        });
    }

    void on_line(std::string_view line) {
        const auto event = nlohmann::json::parse(line, nullptr, false);
        if (event.is_object()) {
            progress_.on_event(event);
        } else if (const auto verdict = refusal_.feed(line, [](std::string_view) {})) {
            const bool coded =
                verdict->code != ExitCode::Done && verdict->code != ExitCode::ExabgpError;
            refused_ = coded ? *verdict
                             : Verdict{ExitCode::Unreachable, foreign_socket(arguments_.socket)};
        }
    }

    ExitCode too_late() const {
        const std::string time = format_duration(*arguments_.timeout);
        if (!attached_)
            complain(fmt::format("within {} (--timeout): {}", time, unreachable_));
        else
            complain(fmt::format("not within {} (--timeout): {}", time, progress_.missing()));
        return ExitCode::TimedOut;
    }

    const Arguments& arguments_;
    WaitProgress progress_;
    std::optional<Clock::time_point> deadline_;
    std::unique_ptr<DaemonConnection> connection_;
    std::unique_ptr<LineFramer> framer_;  // of this connection
    AnswerReader refusal_;                // the same
    std::optional<Verdict> refused_;
    std::string unreachable_;
    milliseconds pause_ = first_pause;
    bool attached_ = false;  // once
};

}  // namespace

ExitCode wait_command(const Arguments& arguments, const WaitOptions& options) {
    return Wait(arguments, options).run();
}

}  // namespace exapulse::client
