// SPDX-License-Identifier: BSD-3-Clause
// AuditRecord: who sent which command, and how it ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <sys/types.h>

#include "common/protocol.hpp"
#include "common/time.hpp"

namespace exapulse {

/// Views into what its maker keeps until the call with it returns.
struct AuditRecord {
    WallTime time{};            ///< of the verdict
    std::uint64_t session = 0;  ///< as `sidecar clients` has it
    uid_t uid = 0;
    std::string_view user;     ///< its name; empty: it has none
    pid_t pid = 0;             ///< 0: of another PID namespace
    std::string_view process;  ///< empty: not known
    std::string_view command;  ///< without secrets, and no longer than `longest_command`
    Role needed = Role::None;
    std::string_view verdict;  ///< `done`, `error` or the name of an ErrorCode
    std::string_view why;      ///< of a verdict of exapulsed's own
    std::chrono::microseconds took{};

    static constexpr std::size_t longest_command = 4'096;
};

/// Takes every record. It must not wait.
class AuditConsumer {
  public:
    virtual void on_record(const AuditRecord& record) = 0;

  protected:
    ~AuditConsumer() = default;
};

}  // namespace exapulse
