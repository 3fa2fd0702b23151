// SPDX-License-Identifier: BSD-3-Clause
#include "client/live_names.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/command_exchange.hpp"
#include "client/command_pump.hpp"
#include "client/daemon_connection.hpp"
#include "client/json_fields.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::milliseconds patience{300};

/// The one line of an answer as JSON; a discarded value when there is none.
json ask(const std::string& socket, const std::string& command) {
    std::string answer;
    try {
        DaemonConnection connection(socket, patience);
        CommandExchange exchange([&](std::string_view line) { answer = line; },
                                 [](const Command&, const Verdict&) {});
        exchange.add({command});
        (void)pump(connection, exchange, nullptr, patience);
    } catch (const std::exception&) {
        return json(json::value_t::discarded);
    }
    return json::parse(answer, nullptr, false);
}

Candidates clients(const std::string& socket) {
    Candidates candidates;
    for (const json& client : ask(socket, "sidecar clients")) {
        const auto id = number_field(client, "id");
        if (!id || number_field(client, "pid") == getpid()) continue;  // who asks
        const auto process = text_field(client, "process").value_or("?");
        const auto user = text_field(client, "user");
        candidates.push_back(
            {fmt::to_string(*id),
             fmt::format("{} (pid {}{}{})", process, number_field(client, "pid").value_or(0),
                         user ? ", user " : "", user.value_or(""))});
    }
    return candidates;
}

Candidates peers(const std::string& socket) {
    const json answer = ask(socket, "sidecar peers");
    Candidates candidates;
    if (!answer.is_object() || !answer.contains("peers")) return candidates;
    for (const json& peer : answer["peers"]) {
        const auto address = text_field(peer, "address");
        if (!address) continue;
        const auto as = number_field(peer, "as");
        candidates.push_back({*address, fmt::format("{}{}", as ? fmt::format("AS{} ", *as) : "",
                                                    text_field(peer, "state").value_or(""))});
    }
    return candidates;
}

/// Those whose socket is there.
Candidates instances() {
    Candidates candidates;
    std::error_code error;
    const fs::path run = fs::path(default_socket_path).parent_path();
    for (const auto& entry : fs::directory_iterator(run, error)) {
        const std::string name = entry.path().filename().string();
        if (!instance_name_problem(name) && fs::is_socket(instance_socket_path(name), error))
            candidates.push_back({name, ""});
    }
    return candidates;
}

}  // namespace

LiveNames live_names(const std::string& socket) {
    return {.clients = [socket] { return clients(socket); },
            .peers = [socket] { return peers(socket); },
            .instances = instances,
            .commands = {}};
}

}  // namespace exapulse::client
