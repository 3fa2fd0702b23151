// SPDX-License-Identifier: BSD-3-Clause
// RepeatingRunner: a command of the user's for each event, until it succeeds, as --cursor asks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "client/events/due_events.hpp"
#include "client/events/event_handler.hpp"
#include "client/events/exec_process.hpp"

namespace exapulse::client {

/// Drops no event of those it is to keep: whoever adds them waits while it is full().
class RepeatingRunner : public EventHandler {
  public:
    static constexpr std::size_t most_waiting = 1'000;

    /// `command` and `timeout` are ExecProcess's; `socket` is exapulsed's.
    RepeatingRunner(std::string command, std::string socket, std::chrono::milliseconds timeout,
                    DueEvents::Keep keep);

    void add(const nlohmann::json& event, const std::string& line, const Cursor& after) override;
    void set_up(bool up) override;

    [[nodiscard]] bool running() const override { return process_.running(); }
    [[nodiscard]] int fd() const override { return process_.fd(); }
    [[nodiscard]] std::optional<ExecProcess::Clock::time_point> deadline() const override;
    void advance() override;
    void drop_waiting() override;
    void end() override { process_.end(); }

    [[nodiscard]] bool full() const { return due_.waiting() >= most_waiting; }
    /// The command has succeeded for all that was added.
    [[nodiscard]] bool settled() const { return !running() && due_.waiting() == 0 && !dropped_; }
    /// Behind the last event for which it has succeeded; nullopt: none since the last call.
    [[nodiscard]] std::optional<Cursor> take_handled() { return std::exchange(handled_, {}); }
    /// For how many events it has succeeded.
    [[nodiscard]] std::uint64_t count() const { return count_; }

  private:
    void start_due();
    void on_ended(const ExecProcess::Ended& ended);
    void on_failure(const std::string& how);

    std::string socket_;
    ExecProcess process_;
    DueEvents::Keep keep_;
    DueEvents due_;
    Cursor running_for_;
    std::string told_;  // the newest failure of a row, as reported
    std::optional<Cursor> handled_;
    std::uint64_t count_ = 0;
    bool dropped_ = false;  // events, at the end
};

}  // namespace exapulse::client
