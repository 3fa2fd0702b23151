// SPDX-License-Identifier: BSD-3-Clause
#include "client/io/signal_file.hpp"

#include <cerrno>
#include <ctime>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace exapulse::client {

SignalFile::SignalFile(std::initializer_list<int> numbers) {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int number : numbers) {
        struct sigaction action {};
        sigaction(number, nullptr, &action);
        if (action.sa_handler != SIG_IGN) sigaddset(&wanted, number);
    }
    sigprocmask(SIG_BLOCK, &wanted, &before_);
    file_.reset(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!file_.is_open()) throw std::system_error(errno, std::generic_category(), "signalfd");
}

SignalFile::~SignalFile() {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<int> SignalFile::next() {
    signalfd_siginfo info{};
    if (read(file_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

void SignalFile::forget(int number) {
    sigset_t those;
    sigemptyset(&those);
    sigaddset(&those, number);
    const timespec at_once{};
    while (sigtimedwait(&those, nullptr, &at_once) == number) {
    }
}

}  // namespace exapulse::client
