// SPDX-License-Identifier: BSD-3-Clause
#include "tests/integration/route_chaos.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/support/damaged_history.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

constexpr int prefixes = 40;
constexpr auto settling = 60s;
constexpr unsigned long steps_between = 40;  // two looks at what has come of it

unsigned long number_from(const char* variable, unsigned long otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

std::string prefix_of(int number) {
    return fmt::format("10.60.{}.0/24", number);
}

}  // namespace

RouteChaos::RouteChaos(ChaosHost host, unsigned long seed)
    : host_(std::move(host)), random_(static_cast<std::mt19937::result_type>(seed)) {}

void RouteChaos::run(const ChaosHost& host, unsigned long steps) {
    const unsigned long seed = number_from("EXAPULSE_TEST_SEED", 1);
    steps = number_from("EXAPULSE_TEST_CHAOS", steps);
    CAPTURE(seed);
    RouteChaos chaos(host, seed);
    for (unsigned long i = 1; i <= steps; ++i) {
        CAPTURE(i);
        chaos.step();
        if (i % steps_between == 0 || i == steps) chaos.settle();
    }
}

int RouteChaos::any_number() {
    return static_cast<int>(random_() % prefixes);
}

void RouteChaos::step() {
    switch (random_() % 18) {
        case 0:
            return host_.restart();
        case 1:
            return host_.bounce();
        case 2:
            return kill_exapulsed();
        case 3:
            // In the middle of a replay, as often as not.
            host_.restart();
            return kill_exapulsed();
        case 4:
            holder_.reset();
            for (const int number : held_) expected_[number] = false;
            dropped_.merge(held_);
            return held_.clear();
        case 5:
        case 6:
            return change(any_number(), true, true);
        case 7:
        case 8:
        case 9:
            return change(any_number(), false, false);
        case 10:
            return damage_file();
        case 11:
            return announce_and_withdraw_at_once(any_number(), random_() % 2 == 0);
        default:
            return change(any_number(), true, false);
    }
}

// Leases begin anew, for an hour, also those whose holder had just ended: somebody else takes over
// what they have.
void RouteChaos::kill_exapulsed() {
    holder_.reset();
    host_.service.restart(SIGKILL);
    std::set<int> leased = std::exchange(held_, {});
    leased.merge(std::exchange(dropped_, {}));
    for (const int number : leased) change(number, true, false);
}

// It is set aside, and another takes its place, with all that is kept: that is certain once
// something is saved again. What is changed meanwhile belongs to it.
void RouteChaos::damage_file() {
    static_cast<void>(host_.service.status());  // a file that is damaged before it is read is lost
    damage_schema(host_.service.dir() / "state/history.db");
    for (int i = 0; i < 3; ++i) change(any_number(), true, false);
}

/// Faster than the disk takes it.
void RouteChaos::announce_and_withdraw_at_once(int number, bool stays) {
    TestClient client = host_.service.client();
    bool done = client.command("sidecar keep on").terminator == "done";
    const int lines = stays ? 7 : 6;
    std::string batch;
    for (int i = 0; i < lines; ++i) batch += line_of(number, i % 2 == 0) + "\n";
    done = client.send_raw(batch) && done;
    for (int i = 0; i < lines; ++i) done = client.read_answer().terminator == "done" && done;
    held_.erase(number);
    dropped_.erase(number);
    expected_[number] = stays;
    if (done) return;
    change(number, true, false);
    if (!stays) change(number, false, false);
}

std::string RouteChaos::line_of(int number, bool announce) {
    const auto any = static_cast<unsigned long>(random_());
    const auto fixed = static_cast<unsigned long>(number);
    return fmt::format("{}{} route {} next-hop 192.0.2.{}", host_.selector,
                       announce ? "announce" : "withdraw", prefix_of(number),
                       (host_.other_attributes ? any : fixed) % 3 + 1);
}

/// Until it is known to be done: a command that was lost may be sent again.
void RouteChaos::change(int number, bool announce, bool held) {
    const std::string line = line_of(number, announce);
    if (!announce && !expected_[number]) return;  // ExaBGP would answer with an error
    held_.erase(number);
    dropped_.erase(number);
    const auto done = eventually([&] { return is_done(line, held); }, settling);
    REQUIRE_MESSAGE(done.held,
                    line << ": " << fmt::format("{}", fmt::join(last_answer_.lines, "; ")));
    if (held) held_.insert(number);
    expected_[number] = announce;
}

bool RouteChaos::is_done(const std::string& line, bool held) {
    if (!held) {
        TestClient client = host_.service.client();
        if (client.command("sidecar keep on").terminator != "done") return false;
        last_answer_ = client.command(line);
        return last_answer_.terminator == "done";
    }
    if (!holder_) {
        holder_.emplace(host_.service.client());
        if (holder_->command("sidecar lease 1h 0s").terminator != "done") holder_.reset();
    }
    if (!holder_) return false;
    last_answer_ = holder_->command(line);
    return last_answer_.terminator == "done";
}

void RouteChaos::settle() {
    REQUIRE(eventually([&] { return host_.service.status()["state"] == "up"; }, settling));
    const auto settled = eventually(
        [&] {
            const auto list = listed();
            return host_.service.status()["routes"]["replaying"].is_null() &&
                   list == host_.shown() && list == wanted();
        },
        settling);
    REQUIRE_MESSAGE(settled.held,
                    fmt::format("list {}\nExaBGP {}\nclients {}\n{}", fmt::join(listed(), " "),
                                fmt::join(host_.shown(), " "), fmt::join(wanted(), " "),
                                host_.service.run({"routes", "check"}).out));
}

std::set<std::string> RouteChaos::wanted() const {
    std::set<std::string> found;
    for (const auto& [number, there] : expected_)
        if (there) found.insert(prefix_of(number));
    return found;
}

std::set<std::string> RouteChaos::listed() const {
    std::set<std::string> found;
    const std::string family = "unicast ";
    for (const std::string& line : host_.service.client().command("sidecar routes").lines) {
        const std::string route = Json::parse(line)["route"];
        found.insert(route.substr(family.size()));
    }
    return found;
}

}  // namespace exapulse::test
