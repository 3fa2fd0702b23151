// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/relay_process.hpp"

#include <cerrno>
#include <csignal>
#include <exception>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "tests/support/harness/descriptor_io.hpp"
#include "tests/support/harness/eventually.hpp"

namespace exapulse::test {

namespace {

[[noreturn]] void run_relay(const PipesRelay::Setup& setup, std::chrono::milliseconds away,
                            pid_t reactor, int from_reactor, int to_reactor) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != reactor) _exit(0);  // it died before it could be asked for
    try {
        std::this_thread::sleep_for(away);
        _exit(PipesRelay(setup, from_reactor, to_reactor).run() ? 0 : 1);
    } catch (const std::exception& error) {
        fmt::print(stderr, "exabgp-simulator: {}\n", error.what());
        _exit(1);
    }
}

}  // namespace

RelayProcess::RelayProcess(const PipesRelay::Setup& setup, std::chrono::milliseconds away) {
    Pipe commands, answers;
    const pid_t reactor = getpid();
    pid_ = fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ == 0) {
        commands.read.reset();
        answers.write.reset();
        run_relay(setup, away, reactor, answers.read.get(), commands.write.get());
    }
    commands_ = std::move(commands.read);
    answers_ = std::move(answers.write);
}

RelayProcess::~RelayProcess() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    static_cast<void>(status());
}

void RelayProcess::answer(std::string_view bytes) {
    write_all(answers_.get(), bytes);
}

void RelayProcess::finish() {
    constexpr std::chrono::milliseconds moment{200};
    answers_.reset();
    const auto ended = [this] {
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == pid_;
    };
    static_cast<void>(eventually(ended, moment));
}

int RelayProcess::status() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace exapulse::test
