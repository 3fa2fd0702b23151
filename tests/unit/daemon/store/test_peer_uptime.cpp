// SPDX-License-Identifier: BSD-3-Clause
// What is kept of each peer, and how long it was up by that.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/store/event_table.hpp"
#include "daemon/store/peer_record.hpp"
#include "daemon/store/peer_uptime.hpp"
#include "tests/support/harness/temp_dir.hpp"
#include "tests/unit/daemon/store/stored_events.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;
using State = PeerChange::State;
using Texts = std::vector<std::string>;

WallTime at(int seconds) {
    return start + std::chrono::seconds(seconds);
}

Peer peer(const std::string& address, const std::string& state, int since = -1) {
    Peer one;
    one.address = address;
    one.state = state;
    if (since >= 0) one.since = at(since);
    return one;
}

Event snapshot(int seconds, std::vector<Peer> peers) {
    Event event;
    event.type = EventType::Peers;
    event.time = at(seconds);
    event.peers = std::move(peers);
    return event;
}

Event change(int seconds, EventType type, Peer one) {
    Event event;
    event.type = type;
    event.time = at(seconds);
    event.peer = std::move(one);
    return event;
}

Event restart(int seconds, int away, bool proven = true) {
    Event event;
    event.type = EventType::Restarted;
    event.time = at(seconds);
    event.away = std::chrono::seconds(away);
    event.proven = proven;
    return event;
}

/// "10 a up", "12 * unknown", "30 a down restart"
Texts texts(const PeerRecord::Changes& changes) {
    Texts texts;
    for (const PeerChange& one : changes)
        texts.push_back(fmt::format(
            "{} {} {}{}",
            std::chrono::duration_cast<std::chrono::seconds>(one.time - start).count(),
            one.peer.empty() ? "*" : one.peer, name_of(one.state), one.restart ? " restart" : ""));
    return texts;
}

/// "a up: 10s up, 5s down, 0s unknown, 1 outages, 0 restarts, longest 5s from 10"
Texts texts(const std::vector<PeerUptime::Report>& reports) {
    Texts texts;
    const auto seconds = [](Milliseconds time) { return time.count() / 1'000; };
    for (const auto& one : reports) {
        std::string text =
            fmt::format("{} {}: {}s up, {}s down, {}s unknown, {} outages, {} restarts",
                        one.address, name_of(one.state), seconds(one.up), seconds(one.down),
                        seconds(one.unknown), one.outages, one.restarts);
        if (one.longest)
            text += fmt::format(
                ", longest {}s from {}", seconds(one.longest->length),
                std::chrono::duration_cast<std::chrono::seconds>(one.longest->from - start)
                    .count());
        texts.push_back(text);
    }
    return texts;
}

struct Row {
    int time;
    const char* peer;
    State state;
    bool restart = false;
};

Texts uptime(int from, int now, const std::vector<Row>& rows) {
    PeerUptime uptime(at(from));
    for (const Row& row : rows) uptime.on_change(at(row.time), row.peer, row.state, row.restart);
    return texts(uptime.reports(at(now)));
}

Texts asked(EventTable& table, int since, int now, const std::string& address = {}) {
    return texts(table.peers_uptime({at(since), address, at(now), at(now)}).reports);
}

}  // namespace

TEST_SUITE("peer record") {
    TEST_CASE("the first answer says how all are, and later only changes are kept") {
        PeerRecord record(30s);
        CHECK(texts(record.on_event(
                  snapshot(10, {peer("a", "established", 3), peer("b", "idle")}))) ==
              Texts{"10 a up", "10 b down"});
        record.on_answer(at(10));
        CHECK(
            texts(record.on_event(snapshot(15, {peer("a", "established", 3), peer("b", "active")})))
                .empty());
        CHECK(texts(record.on_event(change(20, EventType::PeerUp, peer("b", "established", 17)))) ==
              Texts{"17 b up"});
        CHECK(texts(record.on_event(change(25, EventType::PeerDown, peer("a", "idle")))) ==
              Texts{"25 a down"});
        CHECK(texts(record.on_event(snapshot(30, {peer("b", "established")}))) ==
              Texts{"30 a gone"});
        CHECK(texts(record.on_event(change(30, EventType::PeerDown, peer("a", "gone")))).empty());
    }

    TEST_CASE("peers with one address are up while all of them are") {
        PeerRecord record(30s);
        CHECK(texts(record.on_event(snapshot(
                  10, {peer("a", "established"), peer("a", "idle"), peer("b", "established")}))) ==
              Texts{"10 a down", "10 b up"});
    }

    TEST_CASE("of a time without answers nothing is known") {
        PeerRecord record(30s);
        static_cast<void>(record.on_event(snapshot(10, {peer("a", "established", 3)})));
        record.on_answer(at(40));
        CHECK(texts(record.on_event(snapshot(70, {peer("a", "established", 3)}))).empty());
        CHECK(texts(record.on_event(snapshot(101, {peer("a", "idle")}))) ==
              Texts{"70 * unknown", "101 * known", "101 a down"});
    }

    TEST_CASE("a restart of ExaBGP has ended every session") {
        PeerRecord record(30s);
        CHECK(record.on_event(restart(5, 1)).empty());
        static_cast<void>(
            record.on_event(snapshot(10, {peer("a", "established"), peer("b", "idle")})));
        CHECK(texts(record.on_event(restart(25, 5))) == Texts{"20 a down restart"});
        CHECK(
            texts(record.on_event(change(26, EventType::PeerDown, peer("a", "connect")))).empty());
        CHECK(texts(record.on_event(change(30, EventType::PeerUp, peer("a", "established", 28)))) ==
              Texts{"28 a up"});
        CHECK(record.on_event(restart(40, 1, false)).empty());  // perhaps it was none
        CHECK(record.on_event(restart(90, 1)).empty());         // nobody knew how they were by then
    }

    TEST_CASE("after a loss all that there is comes again") {
        PeerRecord record(30s);
        CHECK(record.start_over(at(5)).empty());
        static_cast<void>(
            record.on_event(snapshot(10, {peer("a", "established"), peer("b", "idle")})));
        record.on_answer(at(20));
        CHECK(texts(record.start_over(at(15))) == Texts{"15 * unknown", "20 a up", "20 b down"});
    }
}

TEST_SUITE("peer uptime") {
    TEST_CASE("up, down and the outages") {
        CHECK(
            uptime(0, 100,
                   {{0, "a", State::Up},
                    {0, "b", State::Down},
                    {10, "a", State::Down},
                    {15, "a", State::Up},
                    {40, "a", State::Down, true},
                    {60, "a", State::Up}}) ==
            Texts{"a up: 75s up, 25s down, 0s unknown, 2 outages, 1 restarts, longest 20s from 40",
                  "b down: 0s up, 100s down, 0s unknown, 1 outages, 0 restarts, longest 100s from "
                  "0"});
    }

    TEST_CASE("what is not known counts as neither") {
        CHECK(uptime(0, 100,
                     {{20, "a", State::Up},
                      {30, "", State::Unknown},
                      {50, "", State::Known},
                      {50, "a", State::Down},
                      {60, "", State::Unknown}}) ==
              Texts{"a unknown: 10s up, 10s down, 80s unknown, 1 outages, 0 restarts, longest 10s "
                    "from 50"});
    }

    TEST_CASE("what was before only says how they are at the beginning") {
        CHECK(
            uptime(50, 100,
                   {{0, "a", State::Up},
                    {0, "b", State::Up},
                    {0, "c", State::Up},
                    {10, "a", State::Down},
                    {20, "c", State::Gone},
                    {60, "a", State::Up}}) ==
            Texts{"a up: 40s up, 10s down, 0s unknown, 1 outages, 0 restarts, longest 10s from 50",
                  "b up: 50s up, 0s down, 0s unknown, 0 outages, 0 restarts"});
    }

    TEST_CASE("one that ExaBGP has no longer is neither up nor down") {
        CHECK(
            uptime(0, 100, {{0, "a", State::Up}, {20, "a", State::Gone}, {70, "a", State::Down}}) ==
            Texts{"a down: 20s up, 30s down, 50s unknown, 1 outages, 0 restarts, longest 30s from "
                  "70"});
    }

    TEST_CASE("a clock that was set back takes nothing away") {
        CHECK(
            uptime(0, 100, {{20, "a", State::Up}, {10, "a", State::Down}, {30, "a", State::Up}}) ==
            Texts{
                "a up: 70s up, 10s down, 20s unknown, 1 outages, 0 restarts, longest 10s from 10"});
    }

    TEST_CASE("its line") {
        PeerUptime uptime(at(0));
        uptime.on_change(at(0), "192.0.2.1", State::Up, false);
        uptime.on_change(at(75), "192.0.2.1", State::Down, true);
        CHECK(format_uptime(uptime.reports(at(100)).at(0)) ==
              R"({"peer":"192.0.2.1","state":"down","since":"2025-11-24T16:01:15.000000Z",)"
              R"("availability":75.0,"up_ms":75000,"down_ms":25000,"unknown_ms":0,"outages":1,)"
              R"("outages_by_cause":{"restart":1,"session":0},)"
              R"("longest_outage":{"from":"2025-11-24T16:01:15.000000Z","ms":25000},)"
              R"("mtbf_ms":75000,"mttr_ms":25000})");
    }
}

TEST_SUITE("peer change table") {
    TEST_CASE("the runs of exapulsed: between two of them nothing is known") {
        TempDir dir;
        const std::string path = dir / "history.db";
        {
            EventTable table(path, "one", at(0));
            table.append({}, {{at(10), "a", State::Up}, {at(10), "b", State::Up}});
            table.seen(at(50), at(40));
            CHECK(asked(table, 0, 60, "a") ==
                  Texts{"a up: 50s up, 0s down, 10s unknown, 0 outages, 0 restarts"});
        }
        EventTable table(path, "two", at(70));
        CHECK(asked(table, 0, 80, "a") ==
              Texts{"a unknown: 30s up, 0s down, 50s unknown, 0 outages, 0 restarts"});
        table.append({}, {{at(80), "a", State::Down}});
        CHECK(
            asked(table, 0, 100) ==
            Texts{
                "a down: 30s up, 20s down, 50s unknown, 1 outages, 0 restarts, longest 20s from 80",
                "b unknown: 30s up, 0s down, 70s unknown, 0 outages, 0 restarts"});
        CHECK(asked(table, 0, 100, "c").empty());
        CHECK(table.peers_uptime({{}, "a", at(100), at(90)}).reports.at(0).down == 10s);
    }

    TEST_CASE("what is deleted is what says nothing any more") {
        TempDir dir;
        const std::string path = dir / "history.db";
        EventTable table(path, "one", at(0));
        std::vector<StoredEvent> events;
        for (std::uint64_t seq = 1; seq <= 100; ++seq) events.push_back(stored("one", seq));
        table.append(events, {{at(1), "a", State::Up},
                              {at(2), "b", State::Up},
                              {at(3), "c", State::Up},
                              {at(10), "b", State::Down},
                              {at(11), "c", State::Gone},
                              {at(20), "b", State::Up},
                              {at(60), "b", State::Down}});
        const Texts before = asked(table, 50, 100);
        CHECK(before == Texts{"a up: 50s up, 0s down, 0s unknown, 0 outages, 0 restarts",
                              "b down: 10s up, 40s down, 0s unknown, 1 outages, 0 restarts, "
                              "longest 40s from 60"});
        for (int i = 0; i < 3; ++i) static_cast<void>(table.prune(at(50), 64U << 20));
        Database file(path, Database::Access::ReadOnly);
        CHECK(file.number("SELECT count(*) FROM event") == 51);
        CHECK(file.number("SELECT count(*) FROM peer_change") == 3);
        CHECK(asked(table, 50, 100) == before);
        const auto all = table.peers_uptime({{}, {}, at(100), at(100)});
        CHECK(all.from == at(49));
        CHECK(all.complete);
        CHECK_FALSE(table.peers_uptime({at(10), {}, at(100), at(100)}).complete);
    }
}

}  // namespace exapulse::test
