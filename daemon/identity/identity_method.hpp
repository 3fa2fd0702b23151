// SPDX-License-Identifier: BSD-3-Clause
// IdentityMethod: how one ExaBGP is told from the next. Pure.
#pragma once

#include <string_view>

namespace exapulse {

/// From the strongest to the weakest.
enum class IdentityMethod {
    Ping,     ///< its pong has its UUID
    Process,  ///< the parent of the process that is seen to read the command pipe
    Pidfile,  ///< the ExaBGP that upstream.pidfile names
    Only,     ///< the only ExaBGP of this host that has a helper for pipes
    None,     ///< it can't be seen: only an unbroken connection shows that it is the same
};

[[nodiscard]] std::string_view name_of(IdentityMethod method);
/// What the method does not see, for the operator; empty when it misses nothing.
[[nodiscard]] std::string_view blind_spot(IdentityMethod method);

}  // namespace exapulse
