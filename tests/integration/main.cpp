// SPDX-License-Identifier: BSD-3-Clause
// The entry of the integration tests.
#include <csignal>
#include <cstdlib>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/support/harness/run_in_child.hpp"

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a peer that has gone is a test's subject, not its end
    // README has its reader export these; a client under test is to find exapulsed by itself.
    for (const char* name : {"EXAPULSE_SOCKET", "EXAPULSE_INSTANCE", "EXAPULSE_HISTFILE"})
        unsetenv(name);
    return exapulse::test::run_in_child([&] { return doctest::Context(argc, argv).run(); });
}
