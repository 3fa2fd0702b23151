// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/identity/identity_verdict.hpp"

namespace exapulse {

IdentityVerdict judge_identity(const IdentityEvidence& evidence) {
    using enum IdentityVerdict;
    if (evidence.before_was_another) return Unproven;
    if (evidence.before && evidence.now && *evidence.before == *evidence.now) return Same;
    if (evidence.now && evidence.now_was_remembered) return Same;
    if (evidence.host_restarted || evidence.before_ended) return Another;
    if (evidence.before && evidence.now) return Another;
    if (evidence.now && evidence.now_is_younger) return Another;
    return evidence.undisturbed ? Same : Unproven;
}

}  // namespace exapulse
