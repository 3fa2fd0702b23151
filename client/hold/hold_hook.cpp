// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/hold_hook.hpp"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "client/view/terminal.hpp"

namespace exapulse::client {

void HoldHook::add(ExecInput input) {
    next_ = std::move(input);
    start_next();
}

void HoldHook::go_on() {
    if (const auto ended = process_.advance(); ended && !ended->ok)
        complain(fmt::format("the command of --exec {}", ended->how));
    start_next();
}

void HoldHook::kill() {
    next_.reset();
    process_.end();
    process_.end();  // by SIGKILL
}

void HoldHook::start_next() {
    if (running() || !next_) return;
    if (const int error = process_.start(*std::exchange(next_, std::nullopt)); error != 0)
        complain(fmt::format("cannot start the command of --exec: {}", std::strerror(error)));
}

}  // namespace exapulse::client
