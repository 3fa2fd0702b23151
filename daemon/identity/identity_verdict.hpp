// SPDX-License-Identifier: BSD-3-Clause
// judge_identity(): whether the ExaBGP that answers now is the one that answered before. Pure.
#pragma once

#include <optional>

#include "daemon/system/process.hpp"

namespace exapulse {

/// What is known about ExaBGP 4.2 or 5.0 when it has just answered. A pid in a pid file counts here
/// only once it is a process that was seen, and that is an ExaBGP.
struct IdentityEvidence {
    /// Since the last answer nothing has happened: the connection stood and each ping was answered.
    bool undisturbed = false;
    std::optional<ProcessStart> before;  ///< the process that answered before; nullopt: never seen
    bool before_ended = false;           ///< the kernel says so
    /// `before` lives, and so does its helper, although the helper of whoever answered had ended.
    bool before_was_another = false;
    std::optional<ProcessStart> now;  ///< the process that answers now; nullopt: can't be seen
    bool now_is_younger = false;      ///< `now` started after the last answer of the one before
    /// An earlier run of exapulsed saw that the process `now` answered.
    bool now_was_remembered = false;
    bool host_restarted = false;  ///< since the last answer
};

enum class IdentityVerdict {
    Same,      ///< proven, or nothing has happened
    Another,   ///< proven: ExaBGP restarted, or it is another one
    Unproven,  ///< may be either
};

/// From the strongest evidence to the weakest; exapulsed(8), IDENTITY, has the same list.
[[nodiscard]] IdentityVerdict judge_identity(const IdentityEvidence& evidence);

}  // namespace exapulse
