// SPDX-License-Identifier: BSD-3-Clause
// WaitProgress: when a wait is over, and what is missing until then.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/events/wait_progress.hpp"
#include "common/ip_address.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using Kind = WaitCondition::Kind;

WaitProgress wait_for(std::vector<WaitCondition> conditions, bool any = false) {
    return WaitProgress({std::move(conditions), any});
}

json event(const std::string& type, const std::string& state, const json& uuid = "u1") {
    return {{"type", type}, {"state", state}, {"uuid", uuid}};
}

json snapshot(const std::string& state, const json& peers = nullptr, const json& uuid = "u1") {
    json snapshot = event("state", state, uuid);
    snapshot["peers"] = peers;
    return snapshot;
}

json peer(const std::string& address, const std::string& state) {
    return {{"address", address}, {"state", state}};
}

json change(const std::string& type, const json& peer) {
    json change = event(type, "up");
    change["peer"] = peer;
    return change;
}

const WaitCondition up{Kind::Up, "", ""}, down{Kind::Down, "", ""}, restart{Kind::Restart, "", ""};
const WaitCondition established{Kind::Peer, "10.0.0.2", "established"};

}  // namespace

TEST_SUITE("client wait progress") {
    TEST_CASE("up and down: as the snapshot is, then as events tell") {
        auto wait = wait_for({up});
        CHECK_FALSE(wait.holds());
        CHECK(wait.missing() == "up (exapulsed has sent nothing yet)");
        wait.on_event(snapshot("connecting", nullptr, nullptr));
        CHECK_FALSE(wait.holds());
        CHECK(wait.missing() == "up (ExaBGP is connecting)");
        wait.on_event(event("connected", "up"));
        CHECK(wait.holds());
        CHECK(wait.fulfilled() == "up");
        wait.on_event(event("degraded", "degraded"));
        CHECK_FALSE(wait.holds());
        wait.on_lost();
        CHECK_FALSE(wait.holds());

        auto fail = wait_for({down});
        fail.on_event(snapshot("up"));
        fail.on_event(event("disconnected", "connecting"));
        CHECK_FALSE(fail.holds());
        fail.on_event(event("failed", "down"));
        CHECK(fail.holds());
    }

    TEST_CASE("restart: one from now on, also one that exapulsed itself slept through") {
        auto wait = wait_for({restart});
        wait.on_event(snapshot("up"));
        wait.on_event(event("reconnected", "up"));
        CHECK_FALSE(wait.holds());
        CHECK(wait.missing() == "restart (none yet)");
        SUBCASE("told") {
            wait.on_event(event("restarted", "up", "u2"));
        }
        SUBCASE("seen in the snapshot of the next exapulsed") {
            wait.on_lost();
            wait.on_event(snapshot("connecting", nullptr, nullptr));
            CHECK_FALSE(wait.holds());
            wait.on_lost();
            wait.on_event(snapshot("up", nullptr, "u2"));
        }
        CHECK(wait.holds());
    }

    TEST_CASE("a peer: from the snapshot, the picture or a change") {
        auto wait = wait_for({established});
        CHECK(wait.request().ends_with(" peers peer-up peer-down"));
        CHECK(wait_for({up}).request().find("peer") == std::string::npos);
        wait.on_event(snapshot("up"));
        CHECK(wait.missing() == "peer 10.0.0.2 established (its peers are not known yet)");
        SUBCASE("snapshot") {
            wait.on_event(snapshot("up", json::array({peer("10.0.0.2", "established")})));
        }
        SUBCASE("picture") {
            json all = event("peers", "up");
            all["peers"] = json::array({peer("10.0.0.2", "established")});
            wait.on_event(all);
        }
        SUBCASE("change") {
            wait.on_event(snapshot("up", json::array({peer("10.0.0.2", "idle")})));
            CHECK(wait.missing() == "peer 10.0.0.2 established (it is idle)");
            wait.on_event(change("peer-up", peer("10.0.0.2", "established")));
        }
        CHECK(wait.holds());
        CHECK(wait.fulfilled() == "peer 10.0.0.2 established");
        wait.on_event(event("disconnected", "connecting"));
        CHECK_FALSE(wait.holds());
        CHECK(wait.missing() == "peer 10.0.0.2 established (ExaBGP is connecting)");
    }

    TEST_CASE("two sessions with one address are two peers") {
        json one = peer("10.0.0.2", "idle"), other = peer("10.0.0.2", "idle");
        one["local_address"] = "10.0.0.1";
        other["local_address"] = "10.0.0.11";
        auto wait = wait_for({{Kind::Peer, "10.0.0.2", "established"}});
        wait.on_event(snapshot("up", json::array({one, other})));
        one["state"] = "established";
        wait.on_event({{"type", "peer-up"}, {"peer", one}});
        CHECK_FALSE(wait.holds());
        other["state"] = "established";
        wait.on_event({{"type", "peer-up"}, {"peer", other}});
        CHECK(wait.holds());
    }

    TEST_CASE("of an ExaBGP that has failed nothing is known about its peers") {
        auto wait = wait_for({{Kind::Peer, "10.0.0.2", "established"}});
        wait.on_event(snapshot("up", json::array({peer("10.0.0.2", "established")})));
        CHECK(wait.holds());
        wait.on_event({{"type", "failed"}, {"state", "down"}});
        CHECK_FALSE(wait.holds());
    }

    TEST_CASE("a peer that is down, in a state by its name, or not there") {
        const json peers =
            json::array({peer("10.0.0.2", "active"), peer("10.0.0.3", "established")});
        const auto holds = [&](const WaitCondition& condition) {
            auto wait = wait_for({condition});
            wait.on_event(snapshot("up", peers));
            return wait.holds();
        };
        CHECK(holds({Kind::Peer, "10.0.0.2", "down"}));
        CHECK(holds({Kind::Peer, "10.0.0.2", "active"}));
        CHECK_FALSE(holds({Kind::Peer, "10.0.0.2", "idle"}));
        CHECK_FALSE(holds({Kind::Peer, "10.0.0.3", "down"}));
        CHECK_FALSE(holds({Kind::Peer, "10.0.0.9", "down"}));
        CHECK(holds({Kind::NoPeer, "10.0.0.9", ""}));
        CHECK_FALSE(holds({Kind::NoPeer, "10.0.0.2", ""}));
        auto wait = wait_for({{Kind::NoPeer, "10.0.0.3", ""}});
        wait.on_event(snapshot("up"));
        CHECK_FALSE_MESSAGE(wait.holds(), "not known is not absent");
        wait.on_event(snapshot("up", peers));
        wait.on_event(change("peer-down", peer("10.0.0.3", "gone")));
        CHECK(wait.holds());
    }

    TEST_CASE("all must hold, or one where that is enough") {
        auto both = wait_for({up, restart});
        both.on_event(snapshot("up"));
        CHECK_FALSE(both.holds());
        both.on_event(event("restarted", "up", "u2"));
        CHECK(both.holds());
        CHECK(both.fulfilled() == "up, restart");
        auto any = wait_for({down, restart}, true);
        any.on_event(snapshot("up"));
        CHECK_FALSE(any.holds());
        any.on_event(event("restarted", "up", "u2"));
        CHECK(any.holds());
        CHECK(any.fulfilled() == "restart");
    }

    TEST_CASE("addresses are compared by value") {
        CHECK(same_address("2001:db8::1", "2001:DB8:0:0::1"));
        CHECK_FALSE(same_address("2001:db8::1", "2001:db8::2"));
        CHECK(same_address("192.0.2.1", "192.0.2.1"));
        CHECK_FALSE(same_address("0.0.0.0", "::"));
        CHECK_FALSE(same_address("router", "Router"));
    }
}

}  // namespace exapulse::client
