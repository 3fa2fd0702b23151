// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_repair.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "client/exchange/command_exchange.hpp"
#include "client/exchange/command_pump.hpp"
#include "client/exchange/daemon_connection.hpp"
#include "client/exchange/speller.hpp"
#include "client/io/signal_file.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

constexpr std::string_view keep_verb = "sidecar keep ";

}  // namespace

Repaired repair_routes(const Endpoint& endpoint, const std::vector<RepairCommand>& commands) {
    Repaired repaired;
    const auto on_verdict = [&](const Command& command, const Verdict& verdict) {
        const bool announces = !command.text.starts_with(keep_verb);
        if (verdict.code == ExitCode::Done) {
            if (announces) ++repaired.done;
            return;
        }
        repaired.worst = worse(repaired.worst, verdict.code);
        complain(fmt::format("{}: {}", command.text, verdict.text));
    };
    const auto timeout = endpoint.timeout.value_or(default_timeout);
    DaemonConnection connection(endpoint.socket, timeout);
    const auto as_spelled = [](std::size_t, std::string_view, std::string_view) {};
    CommandExchange exchange([](std::string_view) {}, on_verdict, Speller(as_spelled));
    bool keeping = false;
    for (const RepairCommand& command : commands) {
        if (command.kept != std::exchange(keeping, command.kept))
            exchange.add({std::string(keep_verb) + (keeping ? "on" : "off")});
        exchange.add({command.text});
    }
    SignalFile interrupts(ending_signals);
    const Pumped end =
        pump(connection, exchange, timeout, {.interrupts = &interrupts, .withdraw = true});
    if (!end.complete) {
        repaired.worst = worse(repaired.worst, ExitCode::NotSent);
        complain(fmt::format("not all was announced again: {}", end.why));
    }
    return repaired;
}

}  // namespace exapulse::client
