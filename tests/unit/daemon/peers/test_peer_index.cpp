// SPDX-License-Identifier: BSD-3-Clause
// PeerIndex: the same peer as a search from the front would find.
#include <algorithm>
#include <random>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/peers/peer_index.hpp"
#include "daemon/peers/peer_table.hpp"

namespace exapulse::test {

namespace {

bool same_peer(const Peer& a, const Peer& b) {
    if (!a.name.empty() && !b.name.empty()) return a.name == b.name;
    return a.address == b.address && (!a.as || !b.as || a.as == b.as);
}

}  // namespace

TEST_SUITE("peers") {
    TEST_CASE("the index finds what a search finds") {
        std::mt19937 random(3);
        const auto any_peer = [&] {
            Peer peer;
            if (random() % 2 == 0)
                peer.name = std::string(1, static_cast<char>('a' + random() % 4));
            peer.address = std::string(1, static_cast<char>('1' + random() % 3));
            if (random() % 3 != 0) peer.as = 1 + random() % 3;
            return peer;
        };
        for (int round = 0; round < 500; ++round) {
            std::vector<Peer> peers(random() % 8);
            std::generate(peers.begin(), peers.end(), any_peer);
            PeerIndex index(peers);
            peers.push_back(any_peer());
            index.add(peers.back());
            const Peer wanted = any_peer();
            const auto found = std::find_if(peers.begin(), peers.end(), [&](const Peer& peer) {
                return same_peer(peer, wanted);
            });
            const auto place = index.find(wanted);
            REQUIRE(place.has_value() == (found != peers.end()));
            if (place) CHECK(&peers[*place] == &*found);
        }
    }

    TEST_CASE("the maximum number of peers, many with one address, needs no quadratic time") {
        constexpr PeerQuestion asks{"show neighbor summary", PeerAnswer::Summary, IfAbsent::Removed,
                                    PeerDetail::Existence};
        PeerTable table;
        for (const std::string_view state : {"idle", "active"}) {
            table.on_line("Peer            AS        up/down state       |     #sent     #recvd");
            for (std::size_t i = 0; i < most_peers; ++i)
                table.on_line(fmt::format("10.0.0.{} {} down {} 0 0", i % 2, i, state));
            const Moment now{TimePoint(std::chrono::seconds(1)), WallTime()};
            REQUIRE(table.on_answer(asks, true, now.steady, now));
            CHECK(table.take_changes().size() == 1);
            CHECK(table.peers().size() == most_peers);
        }
    }
}

}  // namespace exapulse::test
