// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/run_in_child.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exapulse::test {

namespace {

pid_t running_tests = 0;

/// This process has inherited the orphans of the tests, and inherits the children of those it
/// kills.
void end_children() {
    const std::string list = "/proc/self/task/" + std::to_string(getpid()) + "/children";
    for (;;) {
        std::ifstream children(list);
        bool any = false;
        for (pid_t child = 0; children >> child;) any = kill(child, SIGKILL) == 0 || any;
        if (!any) return;
        while (waitpid(-1, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

}  // namespace

int run_in_child(const std::function<int()>& tests) {
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return tests();
    std::signal(SIGCHLD, SIG_DFL);  // if it were ignored, waitpid() would report nobody
    running_tests = fork();
    if (running_tests < 0) return tests();
    if (running_tests == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return tests();
    }
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        std::signal(signal, [](int) { kill(running_tests, SIGKILL); });
    int status = 0;
    for (pid_t ended = 0; ended != running_tests;) {
        ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno != EINTR) return 1;
    }
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, SIG_IGN);
    end_children();
    if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
    std::signal(WTERMSIG(status), SIG_DFL);
    std::raise(WTERMSIG(status));
    return 128 + WTERMSIG(status);
}

}  // namespace exapulse::test
