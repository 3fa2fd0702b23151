// SPDX-License-Identifier: BSD-3-Clause
// The entry of the integration tests.
#include <csignal>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a peer that has gone is a test's subject, not its end
    return doctest::Context(argc, argv).run();
}
