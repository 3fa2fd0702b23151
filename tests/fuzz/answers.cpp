// SPDX-License-Identifier: BSD-3-Clause
// What ExaBGP says: one line of it, and whole answers about its peers. It may be anything; what is
// taken from it is bounded, printable and of the kind that ExaBGP writes.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "common/printable.hpp"
#include "common/protocol.hpp"
#include "daemon/exabgp/configured_peers.hpp"
#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/env_file.hpp"
#include "daemon/exabgp/peer_answer.hpp"
#include "daemon/exabgp/upstream_reply.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

namespace {

void one_line(std::string_view line) {
    const UpstreamReply answer = classify_reply(line);
    if (const auto* pong = std::get_if<reply::Pong>(&answer))
        require(is_uuid(pong->uuid), "a pong names a UUID");
    if (const auto* shutdown = std::get_if<reply::Shutdown>(&answer))
        require(!shutdown->pid.empty() && std::all_of(shutdown->pid.begin(), shutdown->pid.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; }),
                "a shutdown names a pid");
    if (is_terminator(answer))
        require(line == "done" || line == "error" || line.starts_with('{'),
                "only a whole line is a terminator");

    const std::string version = version_in(line);
    require(version.size() <= 4 * 128 + 3 && printable(version) == version,
            "a version is short and printable");

    const std::string_view token = "exapulse-1f";
    const auto dialect = dialect_of_probe(line, token);
    if (dialect == Dialect::V4 || dialect == Dialect::V6)
        require(line.find(token) != line.npos, "6.0 is known by the echo of the token");
}

void about_peers(std::string_view answer) {
    const WallTime now{std::chrono::hours(500'000)};
    for (const auto form :
         {PeerAnswer::Status, PeerAnswer::Detail, PeerAnswer::Summary, PeerAnswer::Configuration}) {
        const auto peers = read_peers(form, answer, now);
        if (!peers) continue;
        require(peers->size() <= most_peers, "no more than most_peers");
        for (const Peer& peer : *peers) {
            require(is_plausible(peer), "each peer is plausible");
            require(!peer.since || *peer.since <= now, "a peer came up before now");
        }
        const std::string line = format_peers(*peers, now);
        require(line.find('\n') == line.npos, "`sidecar peers` answers one line");
        require(nlohmann::json::parse(line)["peers"].size() == peers->size(), "with all of them");
        const ConfiguredPeers configured(*peers);
        require(configured.size() <= peers->size(), "nobody is made up");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    one_line(input.substr(0, input.find('\n')));
    about_peers(input);
    (void)names_in_env_file(input);
    return 0;
}
