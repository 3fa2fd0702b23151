// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/completer.hpp"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "client/exchange/question.hpp"
#include "client/shell/shell_line.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

// Several TABs in a row are about the same peers.
constexpr std::chrono::seconds peers_stay_true{3};

}  // namespace

Completer::Completer(std::string socket, const HealthFeed& health)
    : socket_(std::move(socket)), health_(health) {}

std::vector<std::string> Completer::candidates(const std::string& typed) {
    if (learned_ != health_.generation()) learn();
    const bool wants_peers = vocabulary_.wants_peers(typed);
    return vocabulary_.candidates(typed, wants_peers ? peers() : std::vector<std::string>{});
}

// While ExaBGP does not answer, what its predecessor knew is as good a guess as any.
void Completer::learn() {
    if (!exabgp_answers() && learned_) return;
    Vocabulary vocabulary;
    for (const std::string_view line : own_lines()) vocabulary.add(line);
    bool complete = exabgp_answers();
    const auto learn_from = [&](std::string_view command) {
        const auto lines = ask_in_passing(socket_, command);
        if (!lines)
            complete = false;
        else
            for (const std::string& line : *lines) vocabulary.learn(line);
    };
    learn_from("sidecar help");
    if (complete) learn_from(help_command(health_.dialect()));
    vocabulary_ = std::move(vocabulary);
    if (complete) learned_ = health_.generation();
}

std::vector<std::string> Completer::peers() {
    const auto now = Clock::now();
    if (peers_asked_ && now < *peers_asked_ + peers_stay_true) return peers_;
    if (!exabgp_answers()) return peers_;
    peers_asked_ = now;
    const auto lines = ask_in_passing(socket_, "sidecar peers");
    if (!lines || lines->empty()) return peers_;
    const json answer = json::parse(lines->front(), nullptr, false);
    peers_.clear();
    if (!answer.is_object() || !answer.contains("peers")) return peers_;
    for (const json& peer : answer["peers"])
        if (const auto address = text_field(peer, "address")) peers_.push_back(*address);
    return peers_;
}

bool Completer::exabgp_answers() const {
    return health_.state() == HealthState::Up || health_.state() == HealthState::Degraded;
}

}  // namespace exapulse::client
