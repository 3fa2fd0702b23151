// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/rib_questions.hpp"

#include <utility>

#include "client/exchange/question.hpp"
#include "client/routes/few_routes.hpp"

namespace exapulse::client {

namespace {

/// ExaBGP 6 cuts an answer of one line off behind some 200 kB. A peer takes about 2 kB of `peer
/// show`.
constexpr std::size_t most_peers = 50;

std::size_t peers_of_exabgp(const Endpoint& endpoint) {
    const Reply reply = ask(endpoint, "sidecar peers");
    const auto answer = reply.lines.empty() ? nlohmann::json() : parsed(reply.lines.front());
    return answer.is_object() && answer.contains("peers") ? answer["peers"].size() : 0;
}

}  // namespace

RibQuestions::RibQuestions(const Endpoint& endpoint, const std::string& dialect,
                           std::optional<std::string> only)
    : endpoint_(endpoint), is_6_(dialect == "v6"), only_(std::move(only)) {}

std::vector<RibPeer> RibQuestions::peers() const {
    if (!is_6_) {
        ConfigurationReader reader;
        const Verdict verdict = ask(endpoint_, "show neighbor configuration",
                                    [&](std::string_view line) { reader.read(line); });
        return verdict.code == ExitCode::Done ? reader.take() : std::vector<RibPeer>();
    }
    if (const auto count = peers_of_exabgp(endpoint_); count == 0 || count > most_peers) return {};
    const Reply reply = ask(endpoint_, "peer show");
    if (reply.verdict.code != ExitCode::Done || reply.lines.size() != 1) return {};
    return read_peer_show(reply.lines.front()).value_or(std::vector<RibPeer>());
}

Verdict RibQuestions::routes(const OnRibRoute& on_route) const {
    if (is_6_) return routes_of_6(on_route);
    const std::string peer = only_ ? *only_ + ' ' : std::string();
    return ask(endpoint_, "show adj-rib out " + peer + "extensive",
               [&](std::string_view line) { read_rib_text(line, on_route); });
}

Verdict RibQuestions::routes_of_6(const OnRibRoute& on_route) const {
    FewRoutes few(on_route);
    const std::string peer = only_ ? ' ' + *only_ : std::string();
    const Verdict verdict = ask(endpoint_, "rib show out" + peer, [&](std::string_view line) {
        read_rib_json(
            line, [&](std::string_view name, RibRoute route) { few.take(name, std::move(route)); });
    });
    if (verdict.code != ExitCode::Done) return verdict;
    // These can be asked for as a whole, in one line that is not cut.
    for (const auto& [address, routes] : few.end()) {
        const Reply reply = ask(endpoint_, "peer " + address + " routes list");
        const bool whole = reply.verdict.code == ExitCode::Done && reply.lines.size() == 1 &&
                           read_route_list(reply.lines.front(), on_route);
        if (whole) continue;
        for (const RibRoute& route : routes) on_route(address, route);
    }
    return verdict;
}

}  // namespace exapulse::client
