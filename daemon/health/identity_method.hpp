// SPDX-License-Identifier: BSD-3-Clause
// IdentityMethod: how one ExaBGP is told from the next. Pure.
#pragma once

#include <string_view>

namespace exapulse {

enum class IdentityMethod {
    Ping,     ///< its pong names it
    Process,  ///< the parent of the process that reads the command pipe
    Pidfile,  ///< the process that upstream.pidfile names
    Counted,  ///< every death that is seen makes the next one another
};

[[nodiscard]] std::string_view name_of(IdentityMethod method);
/// What the method does not see, for the operator; empty when it misses nothing.
[[nodiscard]] std::string_view blind_spot(IdentityMethod method);

}  // namespace exapulse
