// SPDX-License-Identifier: BSD-3-Clause
#include "client/completion/live_names.hpp"

#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/completion/vocabulary.hpp"
#include "client/exchange/instances.hpp"
#include "client/exchange/question.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

/// The one line of an answer as JSON; a discarded value where there is none.
json answer_of(const std::string& socket, std::string_view command) {
    const auto lines = ask_in_passing(socket, command);
    return lines && lines->size() == 1 ? parsed(lines->front()) : json(json::value_t::discarded);
}

Candidates clients(const std::string& socket) {
    Candidates candidates;
    for (const json& client : answer_of(socket, "sidecar clients")) {
        const auto id = number_field(client, "id");
        const auto pid = number_field(client, "pid");
        if (!id || pid == getpid()) continue;  // who asks
        const auto process = text_field(client, "process").value_or("?");
        const auto user = text_field(client, "user");
        candidates.push_back(
            {fmt::to_string(*id),
             fmt::format("{} ({}{}{})", process,
                         pid ? fmt::format("pid {}", *pid) : "in another PID namespace",
                         user ? ", user " : "", user.value_or(""))});
    }
    return candidates;
}

Candidates peers(const std::string& socket) {
    const json answer = answer_of(socket, "sidecar peers");
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

/// From ExaBGP's own help, as the shell does.
Candidates commands(const std::string& socket, std::span<const std::string> words) {
    const auto dialect = text_field(answer_of(socket, "sidecar status"), "dialect");
    if (!dialect) return {};
    Vocabulary vocabulary;
    const auto help = ask_in_passing(socket, help_command(*dialect));
    if (!help) return {};
    for (const std::string& line : *help) vocabulary.learn(line);
    const std::string typed = fmt::format("{}", fmt::join(words, " "));
    std::vector<std::string> addresses;
    if (vocabulary.wants_peers(typed))
        for (const Candidate& peer : peers(socket)) addresses.push_back(peer.word);
    Candidates candidates;
    for (const std::string& word : vocabulary.candidates(typed, addresses))
        candidates.push_back({word, ""});
    return candidates;
}

Candidates instance_names() {
    Candidates candidates;
    for (const std::string& name : instances()) candidates.push_back({name, ""});
    return candidates;
}

}  // namespace

LiveNames live_names(const std::string& socket) {
    return {.clients = [socket] { return clients(socket); },
            .peers = [socket] { return peers(socket); },
            .instances = instance_names,
            .commands =
                [socket](std::span<const std::string> words) { return commands(socket, words); }};
}

}  // namespace exapulse::client
