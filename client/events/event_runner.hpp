// SPDX-License-Identifier: BSD-3-Clause
// EventRunner: a command of the user's for each event, one at a time and in order.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "client/events/event_handler.hpp"
#include "client/events/exec_process.hpp"

namespace exapulse::client {

/// Events that come while the command runs wait, and are not lost until `most_waiting` of them do.
class EventRunner : public EventHandler {
  public:
    static constexpr std::size_t most_waiting = 1'000;

    /// `command` and `timeout` are ExecProcess's; `socket` is exapulsed's.
    EventRunner(std::string command, std::string socket, std::chrono::milliseconds timeout);

    void add(const nlohmann::json& event, const std::string& line, const Cursor& after) override;
    void set_up(bool /*up*/) override {}  // each event has its run

    [[nodiscard]] bool running() const override { return process_.running(); }
    [[nodiscard]] int fd() const override { return process_.fd(); }
    [[nodiscard]] std::optional<ExecProcess::Clock::time_point> deadline() const override {
        return process_.deadline();
    }
    void advance() override;
    void drop_waiting() override;
    void end() override { process_.end(); }
    /// Until all that waits has run.
    void finish();

  private:
    void on_ended(const ExecProcess::Ended& ended);
    void start_next();

    std::string socket_;
    ExecProcess process_;
    std::deque<ExecInput> waiting_;
    std::uint64_t skipped_ = 0;
};

}  // namespace exapulse::client
