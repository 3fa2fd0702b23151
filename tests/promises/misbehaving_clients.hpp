// SPDX-License-Identifier: BSD-3-Clause
// Clients that do what no client should.
#pragma once

#include <cstdint>
#include <string_view>
#include <sys/types.h>

#include "tests/promises/clients.hpp"

namespace exapulse::test {

/// In every line of theirs that they may not send.
inline constexpr std::string_view forbidden_word = "forbidden";

/// Until `ending`, one after the other, drawn from `seed`: half-open connections, one-byte writers,
/// floods, never-readers, forged echoes, rubbish. As the user `uid`, where this process may be
/// another one; `may_operate`: and that user may send commands.
void misbehave(Setting& setting, std::uint64_t seed, uid_t uid, bool may_operate);

}  // namespace exapulse::test
