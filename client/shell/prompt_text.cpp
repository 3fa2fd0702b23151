// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/prompt_text.hpp"

#include <fmt/format.h>

#include "common/protocol.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

Colour colour_of(HealthState state) {
    if (state == HealthState::Degraded) return Colour::Warning;
    return state == HealthState::Down ? Colour::Bad : Colour::Dim;
}

}  // namespace

std::string prompt_text(std::string_view socket, const HealthFeed& health, const Style& style) {
    const auto instance = instance_of(socket);
    const std::string name =
        style.paint(Colour::Bold, instance ? fmt::format("exabgp@{}", *instance) : "exabgp");
    if (!health.attached())
        return fmt::format("{} {}> ", name, style.paint(Colour::Bad, "(exapulsed is unreachable)"));
    const HealthState state = health.state().value_or(HealthState::Connecting);
    if (state == HealthState::Up) return name + "> ";
    return fmt::format("{} {}> ", name,
                       style.paint(colour_of(state), fmt::format("({})", name_of(state))));
}

}  // namespace exapulse::client
