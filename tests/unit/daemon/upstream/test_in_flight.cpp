// SPDX-License-Identifier: BSD-3-Clause
// InFlight: what has left, and what can still be written again.
#include <doctest/doctest.h>

#include "daemon/upstream/dialogue/in_flight.hpp"

using namespace exapulse;
using Kind = InFlight::Kind;

namespace {

InFlight::Entry command(CommandId id) {
    Command command;
    command.id = id;
    return {.kind = Kind::Command, .written_at = {}, .command = command};
}

}  // namespace

TEST_CASE("in flight: only a line of which not a byte has left is taken back, the newest first") {
    InFlight in_flight;
    in_flight.push(command(1), 10);
    in_flight.skip(5);  // keeps no place, but takes bytes
    in_flight.push(command(2), 10);
    in_flight.push({.kind = Kind::Fence, .written_at = {}, .token = "T"}, 10);
    in_flight.push(command(3), 10);
    CHECK(in_flight.written() == 45);
    CHECK(in_flight.front().offset == 0);

    SUBCASE("all have left") {
        CHECK(in_flight.take_after(45).empty());
    }
    SUBCASE("one byte of the last has left") {
        CHECK(in_flight.take_after(36).empty());
    }
    SUBCASE("the last has not") {
        const auto taken = in_flight.take_after(35);
        REQUIRE(taken.size() == 1);
        CHECK(taken[0].id == 3);
        CHECK(in_flight.first(Kind::Fence) != nullptr);
    }
    SUBCASE("the second neither") {
        const auto taken = in_flight.take_after(15);
        REQUIRE(taken.size() == 2);
        CHECK(taken[0].id == 3);
        CHECK(taken[1].id == 2);
        CHECK(in_flight.first(Kind::Fence) == nullptr);
        CHECK(in_flight.commands() == 1);
    }
}

TEST_CASE("in flight: commands are taken out in order, and what is exapulsed's own stays") {
    InFlight in_flight;
    in_flight.push(command(1), 1);
    in_flight.push({.kind = Kind::Fence, .written_at = {}, .token = "T"}, 1);
    in_flight.push(command(2), 1);
    const auto taken = in_flight.take_commands();
    REQUIRE(taken.size() == 2);
    CHECK(taken[0].command.id == 1);
    CHECK(taken[1].command.id == 2);
    CHECK(in_flight.front().kind == Kind::Fence);
    CHECK(in_flight.commands() == 0);
    in_flight.begin_anew();
    CHECK(in_flight.empty());
    CHECK(in_flight.written() == 0);
}

TEST_CASE("in flight: which command awaits its answer, and which fence is the first") {
    InFlight in_flight;
    for (const CommandId id : {1U, 2U}) in_flight.push(command(id), 1);
    in_flight.push({.kind = Kind::Fence, .written_at = {}, .token = "A"}, 1);
    in_flight.push(command(3), 1);
    in_flight.push({.kind = Kind::Fence, .written_at = {}, .token = "B"}, 1);
    CHECK(in_flight.commands() == 3);
    CHECK(in_flight.count(Kind::Fence) == 2);
    CHECK(in_flight.last_command()->command.id == 3);

    REQUIRE(in_flight.awaiting() != nullptr);
    CHECK(in_flight.awaiting()->command.id == 1);
    in_flight.awaiting()->ended = true;
    CHECK(in_flight.awaiting()->command.id == 2);
    CHECK(in_flight.first(Kind::Fence)->token == "A");
    CHECK(in_flight.pop_front().command.id == 1);
    CHECK(in_flight.awaiting()->command.id == 2);
    in_flight.awaiting()->ended = true;
    CHECK(in_flight.awaiting() == nullptr);  // the fence is before the third
    CHECK(in_flight.first(Kind::Fence)->token == "A");

    in_flight.pop_front();
    CHECK(in_flight.pop_front().token == "A");
    CHECK(in_flight.awaiting()->command.id == 3);
    CHECK(in_flight.first(Kind::Fence)->token == "B");
    in_flight.erase(Kind::Fence);
    CHECK(in_flight.first(Kind::Fence) == nullptr);
    in_flight.push({.kind = Kind::Fence, .written_at = {}, .token = "C"}, 1);
    CHECK(in_flight.first(Kind::Fence)->token == "C");
    CHECK(in_flight.awaiting()->command.id == 3);
}
