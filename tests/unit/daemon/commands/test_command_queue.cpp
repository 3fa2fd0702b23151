// SPDX-License-Identifier: BSD-3-Clause
// CommandQueue: fair turns, and a hold that only an absent ExaBGP uses up.
#include <doctest/doctest.h>

#include "daemon/commands/command_queue.hpp"
#include "tests/support/harness/manual_clock.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

namespace {

Command command(SessionId owner, CommandId id, TimePoint at = {}) {
    Command one;
    one.id = id;
    one.owner = owner;
    one.queued_at = at;
    return one;
}

std::vector<CommandId> drain(CommandQueue& queue) {
    std::vector<CommandId> ids;
    while (const auto next = queue.pop(TimePoint{})) ids.push_back(next->id);
    return ids;
}

std::vector<CommandId> ids_of(const std::vector<Command>& commands) {
    std::vector<CommandId> ids;
    for (const Command& one : commands) ids.push_back(one.id);
    return ids;
}

}  // namespace

TEST_CASE("a batch of 10,000 delays another session's command by one") {
    CommandQueue queue;
    for (CommandId id = 1; id <= 10'000; ++id) queue.push(command(1, id));
    CHECK(queue.pop(TimePoint{})->id == 1);
    queue.push(command(2, 20'000));
    CHECK(queue.pop(TimePoint{})->id == 2);
    CHECK(queue.pop(TimePoint{})->id == 20'000);
    CHECK(queue.size() == 9'998);
}

TEST_CASE("sessions take turns, and each session's commands keep their order") {
    CommandQueue queue;
    for (const SessionId owner : {1U, 2U, 3U})
        for (const CommandId n : {1U, 2U}) queue.push(command(owner, owner * 10 + n));
    CHECK(drain(queue) == std::vector<CommandId>{11, 21, 31, 12, 22, 32});
    CHECK(queue.size() == 0);
}

TEST_CASE("a command put back is the next one") {
    CommandQueue queue;
    for (const CommandId id : {11U, 12U}) queue.push(command(1, id));
    queue.push(command(2, 21));
    queue.put_back(*queue.pop(TimePoint{}));
    CHECK(queue.size() == 3);
    CHECK(drain(queue) == std::vector<CommandId>{11, 21, 12});
}

TEST_CASE("the hold runs from the later of arrival and ExaBGP's going") {
    test::ManualClock clock;
    CommandQueue queue;
    queue.push(command(1, 1, clock.steady()));
    clock.advance(60s);  // a long time behind a long batch: ExaBGP was there, so no hold is used
    const TimePoint away = clock.steady();
    CHECK(queue.next_expiry(away, 5s) == away + 5s);
    clock.advance(2s);
    queue.push(command(2, 2, clock.steady()));
    clock.advance(2999ms);
    CHECK(queue.take_expired(clock.steady(), away, 5s).empty());
    clock.advance(1ms);
    CHECK(ids_of(queue.take_expired(clock.steady(), away, 5s)) == std::vector<CommandId>{1});
    CHECK(queue.next_expiry(away, 5s) == clock.steady() + 2s);
    clock.advance(2s);
    CHECK(ids_of(queue.take_expired(clock.steady(), away, 5s)) == std::vector<CommandId>{2});
    CHECK_FALSE(queue.next_expiry(away, 5s));
    CHECK(queue.size() == 0);
}

TEST_CASE("only the session that is gone loses what waits") {
    CommandQueue queue;
    for (const CommandId id : {11U, 12U}) queue.push(command(1, id));
    queue.push(command(2, 21));
    CHECK(queue.drop(1) == 2);
    CHECK(queue.drop(1) == 0);
    CHECK(queue.size() == 1);
    CHECK(drain(queue) == std::vector<CommandId>{21});
}

TEST_CASE(
    "the hold is that of the oldest command, whoever's turn it is and whatever was put back") {
    test::ManualClock clock;
    CommandQueue queue;
    const TimePoint start = clock.steady();
    queue.push(command(1, 11, start));
    queue.push(command(2, 21, start + 1s));
    queue.push(command(1, 12, start + 2s));
    queue.push(command(3, 31, start + 3s));
    Command first = *queue.pop(TimePoint{});
    CHECK(queue.next_expiry(start, 5s) == start + 6s);
    queue.put_back(std::move(first));
    CHECK(queue.next_expiry(start, 5s) == start + 5s);
    CHECK(queue.drop(1) == 2);
    CHECK(queue.next_expiry(start, 5s) == start + 6s);
    CHECK(ids_of(queue.take_expired(start + 7s, start, 5s)) == std::vector<CommandId>{21});
    CHECK(queue.next_expiry(start, 5s) == start + 8s);
    CHECK(drain(queue) == std::vector<CommandId>{31});
    CHECK_FALSE(queue.next_expiry(start, 5s));
}

TEST_CASE("what clients leave behind waits in one turn, up to a limit, in its order") {
    CommandQueue queue;
    constexpr SessionId heir = departed_clients_of(1000);
    for (const CommandId id : {11U, 12U, 13U}) queue.push(command(1, id));
    queue.push(command(2, 21));
    for (const CommandId id : {31U, 32U}) queue.push(command(3, id));
    CHECK(queue.bequeath(1, heir, 4) == 0);
    CHECK(queue.bequeath(3, heir, 4) == 1);
    CHECK(queue.bequeath(3, heir, 4) == 0);
    CHECK(queue.size() == 5);
    const auto first = queue.pop(TimePoint{});
    CHECK(first->id == 11);
    CHECK(first->owner == heir);
    CHECK(drain(queue) == std::vector<CommandId>{21, 12, 13, 31});
    CHECK_FALSE(queue.next_expiry({}, 5s));
    queue.push(command(4, 41));
    CHECK(queue.bequeath(4, heir, 0) == 1);
    CHECK(queue.size() == 0);
}

TEST_CASE("one that got no answer is penalised, with all of its user, as long as others wait") {
    test::ManualClock clock;
    CommandQueue queue;
    const auto ask = [&](SessionId owner, CommandId id, UserId user) {
        Command one = command(owner, id, clock.steady());
        one.user = user;
        queue.push(one);
    };
    const auto next = [&] { return queue.pop(clock.steady()).value().id; };
    ask(1, 11, 1000);
    Command dead = queue.pop(clock.steady()).value();
    ask(1, 12, 1000);
    ask(2, 21, 1000);
    queue.penalise(dead, 300ms, clock.steady());
    ask(3, 31, 2000);
    ask(4, 41, 1000);  // a new session of the same user
    ask(3, 32, 2000);
    CHECK(next() == 31);
    CHECK(next() == 32);
    CHECK(next() == 21);
    CHECK(next() == 41);
    CHECK(next() == 12);  // nobody else waits
    CHECK(queue.size() == 0);

    clock.advance(CommandQueue::penalty_factor * 300ms);
    CHECK_FALSE(queue.pop(clock.steady()));
    ask(1, 13, 1000);
    ask(3, 33, 2000);
    CHECK(next() == 13);
    CHECK(next() == 33);

    dead.owner = exapulsed_itself;
    queue.penalise(dead, 300ms, clock.steady());
    ask(5, 51, 1000);
    ask(3, 34, 2000);
    CHECK(next() == 51);
}

TEST_CASE("a session that is held has no turn, and its place once it is released") {
    CommandQueue queue;
    for (const SessionId owner : {1U, 2U})
        for (const CommandId n : {1U, 2U}) queue.push(command(owner, owner * 10 + n));
    Command first = *queue.pop(TimePoint{});
    queue.put_back(first);
    queue.hold(1);
    CHECK(queue.pop(TimePoint{})->id == 21);
    queue.push(command(1, 13));
    CHECK(queue.size() == 4);
    CHECK(queue.pop(TimePoint{})->id == 22);
    CHECK_FALSE(queue.pop(TimePoint{}));
    queue.release();
    CHECK(drain(queue) == std::vector<CommandId>{11, 12, 13});
    queue.push(command(3, 31));
    queue.hold(3);
    CHECK(ids_of(queue.take_all()) == std::vector<CommandId>{31});
}

TEST_CASE("what is left to an heir never expires before what waits in front of it") {
    const test::ManualClock clock;
    const TimePoint start = clock.steady();
    const SessionId heir = departed_clients_of(7);
    CommandQueue queue;
    queue.push(command(1, 10, start));
    queue.push(command(2, 20, start + 2s));
    CHECK(queue.bequeath(2, heir, 10) == 0);
    CHECK(queue.bequeath(1, heir, 10) == 0);
    CHECK(queue.next_expiry(start, 5s) == start + 7s);  // nothing is due that can't be taken out
    CHECK(ids_of(queue.take_expired(start + 7s, start, 5s)) == std::vector<CommandId>{20, 10});
    CHECK_FALSE(queue.next_expiry(start, 5s));
}

TEST_CASE("a session that is paused has no turn, with the commands that it has and that come") {
    CommandQueue queue;
    for (const SessionId owner : {1U, 2U})
        for (const CommandId n : {1U, 2U}) queue.push(command(owner, owner * 10 + n));
    queue.pause(1);
    queue.pause(1);
    queue.pause(3);  // has none yet
    queue.push(command(3, 31));
    CHECK(queue.is_paused(3));
    CHECK_FALSE(queue.others_wait(2));  // those paused do not wait for anybody
    CHECK(queue.others_wait(1));
    Command first = queue.pop(TimePoint{}).value();
    CHECK(first.id == 21);
    queue.pause(2);
    queue.put_back(first);
    CHECK_FALSE(queue.pop(TimePoint{}));
    CHECK(queue.size() == 5);

    queue.resume(2);
    queue.resume(2);
    CHECK(drain(queue) == std::vector<CommandId>{21, 22});
    queue.resume(1);
    CHECK(queue.pop(TimePoint{})->id == 11);
    CHECK(queue.drop(3) == 1);

    SUBCASE("what is held stays held, and what is released stays paused") {
        queue.hold(1);
        queue.pause(1);
        queue.resume(1);
        CHECK_FALSE(queue.pop(TimePoint{}));
        queue.pause(1);
        queue.release();
        CHECK_FALSE(queue.pop(TimePoint{}));
        queue.resume(1);
        CHECK(drain(queue) == std::vector<CommandId>{12});
    }
    SUBCASE("what it leaves behind is not paused") {
        queue.pause(1);
        CHECK(queue.bequeath(1, departed_clients_of(7), 10) == 0);
        CHECK(drain(queue) == std::vector<CommandId>{12});
    }
    SUBCASE("all is taken, and all that expires") {
        queue.pause(1);
        SUBCASE("") {
            CHECK(ids_of(queue.take_all()) == std::vector<CommandId>{12});
        }
        SUBCASE("") {
            CHECK(ids_of(queue.take_expired(TimePoint{5s}, TimePoint{}, 5s)) ==
                  std::vector<CommandId>{12});
        }
    }
}
