// SPDX-License-Identifier: BSD-3-Clause
// run_in_child(): tests that leave no process behind, also if they crash.
#pragma once

#include <functional>

namespace exapulse::test {

/// Runs `tests` in a child process, then kills the processes that they have left, and any other
/// child of this process. Returns their exit status, or ends by the signal that ended them. Call it
/// once, before there are threads.
int run_in_child(const std::function<int()>& tests);

}  // namespace exapulse::test
