// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/session_settings.hpp"

#include <fmt/format.h>

#include "client/cli/option_values.hpp"
#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_pump.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

using std::chrono::milliseconds;

milliseconds ttl_of(std::string_view option, const std::string& text) {
    const milliseconds ttl = time_of(option, text);
    if (ttl < shortest_lease)
        refuse("{}: {} is shorter than {}", option, text, format_duration(shortest_lease));
    return ttl;
}

std::string owner_name_of(std::string_view option, const std::string& text) {
    if (!is_owner_name(text))
        refuse("{}: a name has 1 to {} letters, digits and . _ @ : -", option, longest_owner_name);
    return text;
}

std::vector<std::string> commands_of(const SessionSettings& settings) {
    std::vector<std::string> commands;
    if (settings.owner) commands.push_back("sidecar owner " + *settings.owner);
    if (settings.ttl && settings.grace)
        commands.push_back(fmt::format("sidecar lease {} {}", format_duration(*settings.ttl),
                                       format_duration(*settings.grace)));
    else if (settings.ttl)
        commands.push_back("sidecar lease " + format_duration(*settings.ttl));
    else if (settings.keep)
        commands.emplace_back("sidecar keep on");
    return commands;
}

Verdict ask_for(const SessionSettings& settings, DaemonConnection& connection,
                milliseconds timeout) {
    for (const std::string& command : commands_of(settings)) {
        Verdict answer{ExitCode::Unreachable, "exapulsed did not answer"};
        CommandExchange exchange([](std::string_view) {},
                                 [&](const Command&, const Verdict& verdict) { answer = verdict; });
        exchange.add({command});
        const Pumped end = pump(connection, exchange, timeout, {});
        if (!end.complete && answer.text.empty()) answer.text = end.why;
        if (answer.code != ExitCode::Done) return answer;
    }
    return {};
}

}  // namespace exapulse::client
