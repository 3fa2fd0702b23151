// SPDX-License-Identifier: BSD-3-Clause
// ExitCode: what `exapulse` exits with, and the worst of several. Pure.
#pragma once

#include "common/protocol.hpp"

namespace exapulse::client {

enum class ExitCode {
    Done = 0,
    ExabgpError = 1,
    Usage = 2,
    OutcomeUnknown = 3,
    NotSent = 4,
    Denied = 5,
    Limit = 6,
    TimedOut = 7,
    Unreachable = 8,
};

[[nodiscard]] ExitCode exit_code_of(ErrorCode code);

/// The one of two to end with. From worst to best: those after which someone must look at ExaBGP
/// before doing anything (3, 7), those that are safe to repeat as they are (8, 4, 6), those that
/// fail again until the command or the permission changes (5, 2, 1), done.
[[nodiscard]] ExitCode worse(ExitCode a, ExitCode b);

}  // namespace exapulse::client
