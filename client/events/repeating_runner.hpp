// SPDX-License-Identifier: BSD-3-Clause
// RepeatingRunner: a command of the user's for each ExaBGP, until it succeeds, as --cursor asks.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "client/events/cursor_file.hpp"
#include "client/events/event_handler.hpp"
#include "client/events/exec_process.hpp"
#include "client/events/due_events.hpp"

namespace exapulse::client {

/// The cursor names an ExaBGP once the command has succeeded for it, whatever came meanwhile.
class RepeatingRunner : public EventHandler {
  public:
    /// Until the cursor is saved after it could not be.
    static constexpr std::chrono::milliseconds save_pause{30'000};

    /// `command` and `timeout` are ExecProcess's; `socket` is exapulsed's.
    RepeatingRunner(std::string command, std::string socket, std::chrono::milliseconds timeout,
                   CursorFile cursor);

    /// A `restarted`; several that come while the command runs get one run, for the last.
    void add(const nlohmann::json& event, const std::string& line) override;
    void set_up(bool up) override;

    [[nodiscard]] bool running() const override { return process_.running(); }
    [[nodiscard]] int fd() const override { return process_.fd(); }
    [[nodiscard]] std::optional<ExecProcess::Clock::time_point> deadline() const override;
    void advance() override;
    void drop_waiting() override;
    void end() override { process_.end(); }

    /// For how many the command has succeeded.
    [[nodiscard]] std::uint64_t handled() const { return handled_; }

  private:
    void start_due();
    void on_ended(const ExecProcess::Ended& ended);
    void on_failure(const std::string& how);
    void save();

    std::string socket_;
    ExecProcess process_;
    CursorFile cursor_;
    DueEvents follower_;
    std::string running_for_;  // the UUID
    std::string told_;         // the newest failure of a row, as reported
    std::uint64_t handled_ = 0;
    std::string unsaved_;  // the UUID that the cursor should name
    std::optional<ExecProcess::Clock::time_point> save_at_;
    bool save_problem_told_ = false;
};

}  // namespace exapulse::client
