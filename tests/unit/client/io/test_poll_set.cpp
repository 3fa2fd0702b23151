// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <unistd.h>

#include <doctest/doctest.h>

#include "client/io/poll_set.hpp"
#include "common/file_descriptor.hpp"

using exapulse::FileDescriptor;
using exapulse::client::Clock;
using exapulse::client::PollSet;

namespace {

struct TestPipe {
    TestPipe() {
        std::array<int, 2> ends{};
        REQUIRE(pipe(ends.data()) == 0);
        out.reset(ends[0]);
        in.reset(ends[1]);
    }
    FileDescriptor out, in;
};

constexpr std::chrono::seconds long_enough{30};

}  // namespace

TEST_CASE("a poll set tells which descriptor is ready") {
    const TestPipe quiet, busy;
    REQUIRE(write(busy.in.get(), "x", 1) == 1);
    PollSet set;
    const auto first = set.add(quiet.out.get());
    const auto second = set.add(busy.out.get());
    const auto third = set.add(quiet.in.get(), POLLOUT);
    CHECK(set.wait(Clock::now() + long_enough));
    CHECK_FALSE(set.readable(first));
    CHECK(set.readable(second));
    CHECK_FALSE(set.writable(second));
    CHECK(set.writable(third));
    CHECK_FALSE(set.readable(third));
}

TEST_CASE("a hang-up is something to read, but not without interest") {
    TestPipe pipe;
    pipe.in.reset();
    PollSet interested;
    const auto slot = interested.add(pipe.out.get());
    CHECK(interested.wait(std::nullopt));
    CHECK(interested.readable(slot));

    PollSet others;
    const auto without_events = others.add(pipe.out.get(), 0);
    others.add(-1);
    CHECK_FALSE(others.wait(Clock::now()));
    CHECK_FALSE(others.readable(without_events));
}

TEST_CASE("a wait ends at its deadline and not before") {
    const TestPipe quiet;
    PollSet set;
    const auto slot = set.add(quiet.out.get());
    const auto deadline = Clock::now() + std::chrono::milliseconds(5);
    CHECK_FALSE(set.wait(deadline));
    CHECK(Clock::now() >= deadline);
    CHECK_FALSE(set.readable(slot));
}
