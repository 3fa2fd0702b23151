// SPDX-License-Identifier: BSD-3-Clause
// ClientAnswers: takes the answers to clients' commands to their sessions.
#pragma once

#include <string_view>

#include "daemon/clients/session_registry.hpp"
#include "daemon/commands/command.hpp"

namespace exapulse {

/// The sink of every client's command. The owner of a command is looked up for each call: what
/// comes for a session that is gone is thrown away.
class ClientAnswers final : public AnswerSink {
  public:
    /// `sessions` must outlive it.
    explicit ClientAnswers(SessionRegistry& sessions) : sessions_(sessions) {}

    void on_answer_line(const Command& command, std::string_view line) override;
    void on_verdict(const Command& command, const Verdict& verdict) override;

  private:
    SessionRegistry& sessions_;
    CommandId last_answered_ = 0;  // the command that the last line of an answer was for
};

}  // namespace exapulse
