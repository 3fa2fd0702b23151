// SPDX-License-Identifier: BSD-3-Clause
// Replay: what is sent to a new ExaBGP, and what it then announces.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/routes/replay.hpp"

using namespace exapulse;

namespace {

using namespace std::chrono_literals;
using Answer = Replay::Answer;
using Lines = std::vector<std::string>;

constexpr Moment at{TimePoint(1h), WallTime(1h)};

struct Restart {
    Ledger ledger;
    Replay replay{ledger};

    void note(const std::string& line, bool keep = true) {
        for (const RouteChange& change : route_changes(Request(line)))
            ledger.note(change, {}, {.keep = keep}, at.wall);
    }
    void answer(std::uint64_t id, Answer how, const std::string& why = "") {
        for (const auto& settled : replay.on_answer(id, how, why))
            if (settled.how == Replay::Settled::How::Withdrawn) ledger.remove(settled.number);
    }
    /// The lease of the newest route is over.
    void end() {
        const RouteNumber number = ledger.entries().rbegin()->first;
        ledger.begin_end(number);
        replay.withdraw(number);
    }
    /// The lease of some route is over.
    void end_any(std::size_t choice) {
        auto entry = ledger.entries().begin();
        std::advance(entry, static_cast<std::ptrdiff_t>(choice % ledger.entries().size()));
        if (entry->second.withdraws || !entry->second.stands()) return;
        const RouteNumber number = entry->first;
        ledger.begin_end(number);
        replay.withdraw(number);
    }
    /// Sends and answers until nothing is left; returns what was sent.
    Lines run(Answer how = Answer::Done) {
        Lines lines;
        while (const auto step = replay.next(4)) {
            lines.push_back(step->line);
            this->answer(step->id, how, "no");
        }
        return lines;
    }
};

}  // namespace

TEST_SUITE("replay") {
    TEST_CASE_FIXTURE(Restart, "what is kept, in the order of announcement") {
        note("announce route 10.0.0.0/24 next-hop self");
        note("announce route 10.0.1.0/24 next-hop self", false);
        note("announce route 10.0.2.0/24 next-hop self");
        note("neighbor 192.0.2.2 withdraw route 10.0.0.0/24");
        CHECK_FALSE(replay.next(4).has_value());
        replay.begin(at);
        CHECK(replay.total() == 2);
        CHECK(run() == Lines{"announce route 10.0.0.0/24 next-hop self",
                             "announce route 10.0.2.0/24 next-hop self",
                             "neighbor 192.0.2.2 withdraw route 10.0.0.0/24"});
        REQUIRE(replay.complete());
        const auto result = replay.take_result({at.steady + 2s, at.wall});
        CHECK(result.routes == 2);
        CHECK(result.refused == 0);
        CHECK(result.took == 2s);
        CHECK_FALSE(replay.active());
    }

    TEST_CASE_FIXTURE(Restart, "no more at a time than it may, and refusals with their reasons") {
        for (int i = 0; i < 5; ++i) note(fmt::format("announce route 10.0.{}.0/24 next-hop x", i));
        replay.begin(at);
        std::vector<std::uint64_t> ids;
        while (const auto step = replay.next(3)) ids.push_back(step->id);
        REQUIRE(ids.size() == 3);
        answer(ids[0], Answer::Refused, "bad next-hop");
        CHECK(replay.next(3).has_value());
        CHECK_FALSE(replay.next(3).has_value());
        CHECK(replay.answered() == 1);
        CHECK_FALSE(replay.complete());
        answer(ids[1], Answer::Done, "");
        answer(ids[2], Answer::Done, "");
        answer(ids[2] + 1, Answer::Done, "");
        run();
        REQUIRE(replay.complete());
        const auto result = replay.take_result(at);
        CHECK(result.routes == 4);
        CHECK(result.refused == 1);
        CHECK(result.reasons == Lines{"announce route 10.0.0.0/24 next-hop x: bad next-hop"});
    }

    TEST_CASE_FIXTURE(Restart, "what a client withdraws before its turn is not sent") {
        note("announce route 10.0.0.0/24 next-hop self");
        note("announce route 10.0.1.0/24 next-hop self");
        replay.begin(at);
        const auto first = replay.next(1);
        note("withdraw route 10.0.1.0/24");
        answer(first->id, Answer::Done, "");
        CHECK(run().empty());
        CHECK(replay.complete());
    }

    TEST_CASE_FIXTURE(Restart, "a client's withdrawal that may have come first is repeated") {
        note("announce route 10.0.0.0/24 next-hop self");
        replay.begin(at);
        const auto step = replay.next(1);
        note("withdraw route 10.0.0.0/24");
        answer(step->id, Answer::Done, "");
        CHECK_FALSE(replay.complete());
        CHECK(run() == Lines{"withdraw route 10.0.0.0/24 next-hop self"});
        CHECK(replay.complete());
    }

    TEST_CASE_FIXTURE(Restart, "a client's other announcement that may have come first, too") {
        note("neighbor 192.0.2.2 announce route 10.0.0.0/24 next-hop self");
        replay.begin(at);
        const auto step = replay.next(1);
        note("announce route 10.0.0.0/24 next-hop 192.0.2.9", false);
        answer(step->id, Answer::Done, "");
        CHECK(run() == Lines{"neighbor 192.0.2.2 withdraw route 10.0.0.0/24 next-hop self",
                             "announce route 10.0.0.0/24 next-hop 192.0.2.9"});
        CHECK(replay.complete());
    }

    TEST_CASE_FIXTURE(Restart, "without an answer it is sent again, and old answers are nobody's") {
        note("announce route 10.0.0.0/24 next-hop self");
        replay.begin(at);
        const auto lost = replay.next(1);
        answer(lost->id, Answer::NotSent, "");
        const auto again = replay.next(1);
        REQUIRE(again.has_value());
        CHECK(again->line == lost->line);
        replay.begin(at);
        answer(again->id, Answer::Done, "");
        CHECK(replay.answered() == 0);
        CHECK(run().size() == 1);
        CHECK(replay.complete());
    }

    TEST_CASE_FIXTURE(Restart, "a route that ExaBGP never answers is given up") {
        note("announce route 10.0.0.0/24 next-hop self");
        replay.begin(at);
        CHECK(run(Answer::Unknown).size() == 3);
        REQUIRE(replay.complete());
        CHECK(replay.take_result(at).refused == 1);
    }

    TEST_CASE_FIXTURE(Restart, "a route whose lease is over is withdrawn, and then forgotten") {
        note("announce route 10.0.0.0/24 next-hop self");
        end();
        CHECK_FALSE(replay.active());
        CHECK(run() == Lines{"withdraw route 10.0.0.0/24 next-hop self"});
        CHECK(ledger.entries().empty());
        CHECK_FALSE(replay.next(4).has_value());
    }

    TEST_CASE_FIXTURE(Restart, "it is withdrawn until that is certain") {
        note("announce route 10.0.0.0/24 next-hop self");
        end();
        for (int i = 0; i < 10; ++i) {
            const auto step = replay.next(4);
            REQUIRE(step.has_value());
            answer(step->id, i % 2 == 0 ? Answer::NotSent : Answer::Unknown);
        }
        CHECK(run(Answer::Refused).size() == 1);
        CHECK(ledger.entries().empty());
    }

    TEST_CASE_FIXTURE(Restart, "a client that announces it anew meanwhile wins") {
        note("announce route 10.0.0.0/24 next-hop self");
        end();
        SUBCASE("before the withdrawal is sent") {
            note("announce route 10.0.0.0/24 next-hop 192.0.2.9");
            CHECK(run().empty());
        }
        SUBCASE("while it is on its way") {
            const auto step = replay.next(4);
            note("announce route 10.0.0.0/24 next-hop 192.0.2.9");
            answer(step->id, Answer::Done);
            CHECK(run() == Lines{"withdraw route 10.0.0.0/24 next-hop self",
                                 "announce route 10.0.0.0/24 next-hop 192.0.2.9"});
        }
        CHECK(ledger.size() == 1);
        CHECK_FALSE(replay.next(4).has_value());
    }

    TEST_CASE_FIXTURE(Restart,
                      "a new ExaBGP does not get it, and it is withdrawn there to be sure") {
        note("announce route 10.0.1.0/24 next-hop self");
        note("announce route 10.0.0.0/24 next-hop self");
        end();
        static_cast<void>(replay.next(4));
        replay.begin(at);
        CHECK(run() == Lines{"withdraw route 10.0.0.0/24 next-hop self",
                             "announce route 10.0.1.0/24 next-hop self"});
        CHECK(replay.complete());
        CHECK(replay.take_result(at).routes == 1);
        CHECK(ledger.size() == 1);
    }

    TEST_CASE_FIXTURE(Restart, "an entry that is to be sent again, until that is certain") {
        note("announce route 10.0.0.0/24 next-hop self", false);
        const RouteNumber number = ledger.entries().begin()->first;
        replay.send_again(number);
        CHECK_FALSE(replay.idle());
        const auto lost = replay.next(4);
        CHECK(replay.on_answer(lost->id, Answer::NotSent, "").empty());
        const auto step = replay.next(4);
        REQUIRE(step.has_value());
        CHECK(step->line == "announce route 10.0.0.0/24 next-hop self");
        const auto settled = replay.on_answer(step->id, Answer::Refused, "no");
        REQUIRE(settled.size() == 1);
        CHECK(settled[0].number == number);
        CHECK(settled[0].how == Replay::Settled::How::Refused);
        CHECK(replay.idle());
        replay.send_again(number);
        note("withdraw route 10.0.0.0/24");
        CHECK(run().empty());
    }

    TEST_CASE_FIXTURE(Restart, "routes with equal attributes travel together, in their order") {
        for (int i = 0; i < 5; ++i)
            note(fmt::format("peer * announce route 10.0.{}.0/24 next-hop 192.0.2.1", i));
        note("peer * announce route 10.0.9.0/24 next-hop 192.0.2.2");
        note("peer 192.0.2.9 announce route 10.0.2.0/24 next-hop 192.0.2.1", false);
        replay.set_batch(3);
        replay.begin(at);
        const Lines expected{
            "peer * announce attributes next-hop 192.0.2.1 nlri 10.0.0.0/24 10.0.1.0/24",
            "peer * announce route 10.0.2.0/24 next-hop 192.0.2.1",
            "peer 192.0.2.9 announce route 10.0.2.0/24 next-hop 192.0.2.1",
            "peer * announce attributes next-hop 192.0.2.1 nlri 10.0.3.0/24 10.0.4.0/24",
            "peer * announce route 10.0.9.0/24 next-hop 192.0.2.2"};
        CHECK(run() == expected);
        REQUIRE(replay.complete());
        CHECK(replay.take_result(at).routes == 6);
    }

    TEST_CASE_FIXTURE(Restart, "what is refused together is sent one by one") {
        for (int i = 0; i < 3; ++i)
            note(fmt::format("peer * announce route 10.0.{}.0/24 next-hop 192.0.2.1", i));
        replay.set_batch(8);
        replay.begin(at);
        const auto batch = replay.next(1);
        CHECK_FALSE(replay.next(3).has_value());
        note("peer * withdraw route 10.0.1.0/24");
        answer(batch->id, Answer::Refused, "no");
        const auto first = replay.next(9);
        CHECK(first->line == "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1");
        answer(first->id, Answer::Refused, "bad");
        CHECK(run() == Lines{"peer * withdraw route 10.0.1.0/24 next-hop 192.0.2.1",
                             "peer * announce route 10.0.2.0/24 next-hop 192.0.2.1"});
        const auto result = replay.take_result(at);
        CHECK(result.routes == 1);
        CHECK(result.reasons == Lines{"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1: bad"});
    }

    TEST_CASE_FIXTURE(Restart, "what closes a replay comes after the last answer, each time") {
        note("announce route 10.0.0.0/24 next-hop self");
        replay.set_closing({"announce eor ipv4 unicast", "announce eor ipv6 unicast"});
        replay.begin(at);
        const Lines all{"announce route 10.0.0.0/24 next-hop self", "announce eor ipv4 unicast",
                        "announce eor ipv6 unicast"};
        const auto lost = replay.next(4);
        CHECK_FALSE(replay.next(4).has_value());
        answer(lost->id, Answer::NotSent);
        const auto again = replay.next(4);
        CHECK(again->line == all[0]);
        answer(again->id, Answer::Done);
        const auto first = replay.next(4);
        CHECK(first->line == all[1]);
        answer(first->id, Answer::NotSent);
        CHECK(run() == Lines{all[1], all[2]});
        REQUIRE(replay.complete());
        CHECK(replay.take_result(at).routes == 1);
        replay.begin(at);
        CHECK(run() == all);
        CHECK(replay.complete());
    }

    TEST_CASE_FIXTURE(Restart, "it is busy with a route until all that follows is answered") {
        note("announce route 10.0.0.0/24 next-hop self");
        const std::string nlri(ledger.entries().begin()->second.nlri());
        CHECK_FALSE(replay.is_busy_with(nlri));
        replay.begin(at);
        CHECK_FALSE(replay.is_busy_with(nlri));
        const auto step = replay.next(4);
        CHECK(replay.is_busy_with(nlri));
        CHECK_FALSE(replay.is_busy_with("unicast 10.0.1.0/24"));
        note("withdraw route 10.0.0.0/24");
        answer(step->id, Answer::Done);
        CHECK(replay.is_busy_with(nlri));
        const auto correction = replay.next(4);
        CHECK(replay.is_busy_with(nlri));
        answer(correction->id, Answer::Done);
        CHECK_FALSE(replay.is_busy_with(nlri));
    }

    // ExaBGP carries out what is written in its order, and a verdict comes some time later. What a
    // client did by then has been noted in the order of its verdicts only.
    TEST_CASE("whatever clients do meanwhile, ExaBGP ends with what the ledger says") {
        for (unsigned seed = 1; seed <= 1000; ++seed) {
            std::mt19937 random(seed);
            Restart restart;
            const auto prefix = [&] { return fmt::format("10.0.{}.0/24", random() % 6); };
            const auto client_line = [&] {
                const std::string peer = random() % 3 == 0 ? "neighbor 192.0.2.2 " : "";
                return random() % 2 == 0 ? fmt::format("{}announce route {} next-hop self med {}",
                                                       peer, prefix(), random() % 2)
                                         : fmt::format("{}withdraw route {}", peer, prefix());
            };
            for (int i = 0; i < 10; ++i) restart.note(client_line());

            // By peer and prefix: A gets what everybody gets, B also what is for 192.0.2.2 alone.
            std::map<std::string, std::string> a, b;
            const auto carry_out = [&](const std::string& line) {
                const auto med = line.find("med ");
                const std::string value =
                    med == line.npos ? "" : line.substr(med, line.find(" nlri") - med);
                for (const RouteChange& change : route_changes(Request(line)))
                    for (auto* rib : {&a, &b}) {
                        if (rib == &a && !change.peers.empty()) continue;
                        if (change.announces)
                            (*rib)[change.nlri] = value;
                        else
                            rib->erase(change.nlri);
                    }
            };
            struct Written {
                std::uint64_t id;  // 0: a client's
                std::string line;
            };
            std::deque<Written> answers;
            restart.replay.set_batch(1 + seed % 4);
            restart.replay.begin(at);
            int commands = 12;
            while (!restart.replay.complete() || !answers.empty() || commands > 0) {
                if (commands > 0 && random() % 3 == 0) {
                    --commands;
                    answers.push_back({0, client_line()});
                    carry_out(answers.back().line);
                } else if (const auto step = restart.replay.next(3); step && random() % 4 != 0) {
                    answers.push_back({step->id, step->line});
                    carry_out(step->line);
                } else if (step) {
                    // Not written: the connection ended before.
                    restart.answer(step->id, Answer::NotSent, "");
                }
                if (answers.empty() || random() % 2 == 0) continue;
                if (random() % 10 == 0 && !restart.ledger.entries().empty())
                    restart.end_any(random());
                const Written answered = answers.front();
                answers.pop_front();
                if (answered.id == 0)
                    restart.note(answered.line, false);
                else
                    restart.answer(answered.id, Answer::Done, "");
            }
            std::map<std::string, std::string> expected_a, expected_b;
            std::swap(a, expected_a);
            std::swap(b, expected_b);
            for (const auto& [number, entry] : restart.ledger.entries())
                carry_out(std::string(entry.line()));
            CAPTURE(seed);
            for (const auto& [number, entry] : restart.ledger.entries()) {
                const auto numbers = restart.ledger.numbers_of(entry.nlri());
                CHECK(std::any_of(numbers.begin(), numbers.end(), [&](RouteNumber other) {
                    return !restart.ledger.find(other)->withdraws;
                }));
            }
            CHECK(expected_a == a);
            CHECK(expected_b == b);
        }
    }
}
