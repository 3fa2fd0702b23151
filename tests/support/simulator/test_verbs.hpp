// SPDX-License-Identifier: BSD-3-Clause
// The simulator's own commands: answers with a tag, and misbehaviour on demand. Pure.
#pragma once

#include <span>
#include <string_view>

#include "tests/support/simulator/reaction.hpp"

namespace exapulse::test {

/// `args` are the words after `test`; TAG is one word. Anything else is answered `error`, as a real
/// ExaBGP would answer all of them.
///
///   echo TAG             {"echo": "TAG"}, done
///   lines N BYTES TAG    N lines of BYTES bytes, each beginning with TAG and its number, done
///   slow MS TAG          as echo, MS later; later commands wait
///   dribble N MS TAG     N lines, MS before each, done
///   error TAG            error: TAG, error
///   mute TAG             nothing
///   unended TAG          a line and no terminator
///   glued TAG            a line that ends in `undone`, as a line cut by the relay does
///   double TAG           echo, done, done
///   stray TAG            echo, done and, 20 ms later, a second done
///   garbage TAG          lines of binary bytes, then echo, done
///   half TAG             half a line, then the relay dies
///   hangup TAG           no byte, and the relay dies
///
/// Without `acks` the terminators are omitted, and also the line of `error`.
[[nodiscard]] Reaction test_verb(std::span<const std::string_view> args, bool acks);

}  // namespace exapulse::test
