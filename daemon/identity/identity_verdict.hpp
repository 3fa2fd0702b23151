// SPDX-License-Identifier: BSD-3-Clause
// judge_identity(): decides whether the ExaBGP that answers is the one that answered before. Pure.
#pragma once

#include <optional>

#include "daemon/system/process.hpp"

namespace exapulse {

/// What is known about an ExaBGP 4.2 or 5.0 that has just answered. A pid from a pid file counts
/// only if the process was seen and is an ExaBGP.
struct IdentityEvidence {
    /// Since the last answer the connection was unbroken and every ping was answered.
    bool undisturbed = false;
    std::optional<ProcessStart> before;  ///< the process that answered before; nullopt: never seen
    bool before_ended = false;           ///< according to the kernel
    /// `before` and its helper are alive, although the helper of the ExaBGP that answered ended.
    bool before_was_another = false;
    std::optional<ProcessStart> now;  ///< the process that answers now; nullopt: cannot be seen
    bool now_is_younger = false;      ///< `now` started after the previous answer
    /// An earlier run of exapulsed recorded the process `now` as the one that answered.
    bool now_was_remembered = false;
    bool host_restarted = false;  ///< since the last answer
};

enum class IdentityVerdict {
    Same,      ///< proven, or the connection was undisturbed
    Another,   ///< proven: ExaBGP restarted, or it is another one
    Unproven,  ///< may be either
};

/// Considers the strongest evidence first; IDENTITY in exapulsed(8) describes the same rules.
[[nodiscard]] IdentityVerdict judge_identity(const IdentityEvidence& evidence);

}  // namespace exapulse
