// SPDX-License-Identifier: BSD-3-Clause
// IdentityMethod: how one ExaBGP is distinguished from the next. Pure.
#pragma once

#include <string_view>

namespace exapulse {

/// From the strongest to the weakest.
enum class IdentityMethod {
    Ping,     ///< its pong has its UUID
    Process,  ///< the parent of the process that is seen to read the command pipe
    Pidfile,  ///< the ExaBGP named by upstream.pidfile
    Only,     ///< the only ExaBGP on this host that has a helper for pipes
    None,     ///< it cannot be seen: only an unbroken connection shows that it is the same
};

[[nodiscard]] std::string_view name_of(IdentityMethod method);
/// What the method cannot detect, for the operator; empty if it misses nothing.
[[nodiscard]] std::string_view blind_spot(IdentityMethod method);

}  // namespace exapulse
