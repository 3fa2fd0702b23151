// SPDX-License-Identifier: BSD-3-Clause
// HealthCheck: rise and fall, and when the next check is due.
#include <string>

#include <doctest/doctest.h>

#include "client/hold/health_check.hpp"

namespace exapulse::client {

namespace {

using namespace std::chrono_literals;
using Standing = HealthCheck::Standing;

constexpr HealthCheck::Clock::time_point check_start{};

/// Whether each result changes the standing: '+' succeeds, '-' fails.
std::string changes_after(HealthCheck& check, const std::string& results) {
    std::string changes;
    for (const char result : results) {
        check.started(check_start);
        changes += check.ended(result == '+', "it exited with 1") ? 'x' : '.';
    }
    return changes;
}

}  // namespace

TEST_CASE("a check is up after `rise` successes in a row, and down after `fall` failures") {
    HealthCheck check({5s, 3, 2}, check_start);
    CHECK(check.standing() == Standing::Undecided);
    CHECK(changes_after(check, "++-++") == ".....");
    CHECK(check.standing() == Standing::Undecided);
    CHECK(changes_after(check, "+") == "x");
    CHECK(check.standing() == Standing::Up);
    CHECK(check.reason() == "the check succeeded 3 times");
    CHECK(changes_after(check, "+-+-+") == ".....");
    CHECK(check.standing() == Standing::Up);
    CHECK(changes_after(check, "--") == ".x");
    CHECK(check.standing() == Standing::Down);
    CHECK(check.reason() == "the check failed 2 times: it exited with 1");
    CHECK(changes_after(check, "---++-") == "......");
    CHECK(changes_after(check, "+++") == "..x");
}

TEST_CASE("a check that only fails is down, and a single result may be enough") {
    HealthCheck slow({5s, 3, 2}, check_start);
    CHECK(changes_after(slow, "--") == ".x");
    HealthCheck quick({5s, 1, 1}, check_start);
    CHECK(changes_after(quick, "+-+-") == "xxxx");
    CHECK(quick.reason() == "the check failed 1 time: it exited with 1");
}

TEST_CASE("the first check is due at once, the next ones soon until something is decided") {
    HealthCheck check({5s, 2, 2}, check_start);
    CHECK(check.due() == check_start);
    check.started(check_start);
    CHECK(!check.due());  // it runs
    static_cast<void>(check.ended(true, ""));
    CHECK(check.due() == check_start + 1s);
    check.started(check_start + 1s);
    CHECK(check.ended(true, ""));
    CHECK(check.due() == check_start + 2s);
    check.started(check_start + 2s);
    static_cast<void>(check.ended(true, ""));
    CHECK(check.due() == check_start + 7s);

    HealthCheck quick({200ms, 2, 2}, check_start);
    quick.started(check_start);
    static_cast<void>(quick.ended(true, ""));
    CHECK(quick.due() == check_start + 200ms);
}

}  // namespace exapulse::client
