// SPDX-License-Identifier: BSD-3-Clause
// Kept and leased routes while both programs restart at any time: in the end ExaBGP has what the
// list says, and the list has what clients were told. EXAPULSE_TEST_CHAOS sets the number of steps
// (default: 120), EXAPULSE_TEST_SEED the seed.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/integration/stage.hpp"

namespace exapulse::test {

namespace {

using namespace std::chrono_literals;

constexpr int prefixes = 40;
constexpr auto settling = 60s;

unsigned long number_from(const char* variable, unsigned long otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

std::string prefix_of(int number) {
    return fmt::format("10.60.{}.0/24", number);
}

class RouteChaos {
  public:
    explicit RouteChaos(unsigned long seed)
        : random_(static_cast<std::mt19937::result_type>(seed)) {}

    void step() {
        switch (random_() % 16) {
            case 0:
                return stage_.exabgp.restart();
            case 1:
                return stage_.exabgp.bounce();
            case 2:
                return kill_exapulsed();
            case 3:
                // In the middle of a replay, as often as not.
                stage_.exabgp.restart();
                return kill_exapulsed();
            case 4:
                holder_.reset();
                for (const int number : held_) expected_[number] = false;
                dropped_.merge(held_);
                return held_.clear();
            case 5:
            case 6:
                return change(random_() % prefixes, true, true);
            case 7:
            case 8:
            case 9:
                return change(random_() % prefixes, false, false);
            default:
                return change(random_() % prefixes, true, false);
        }
    }

    /// Until nothing is on its way.
    void settle() {
        stage_.service.await("up");
        const auto settled = eventually(
            [&] {
                const auto list = listed();
                return stage_.service.status()["routes"]["replaying"].is_null() &&
                       list == shown() && list == wanted();
            },
            settling);
        REQUIRE_MESSAGE(settled.held,
                        fmt::format("list {}\nExaBGP {}\nclients {}\n", fmt::join(listed(), " "),
                                    fmt::join(shown(), " "), fmt::join(wanted(), " ")));
    }

    [[nodiscard]] std::set<std::string> wanted() const {
        std::set<std::string> found;
        for (const auto& [number, there] : expected_)
            if (there) found.insert(prefix_of(number));
        return found;
    }
    [[nodiscard]] std::set<std::string> listed() const {
        std::set<std::string> found;
        const std::string family = "unicast ";
        for (const std::string& line : stage_.service.client().command("sidecar routes").lines) {
            const std::string route = Json::parse(line)["route"];
            found.insert(route.substr(family.size()));
        }
        return found;
    }
    [[nodiscard]] std::set<std::string> shown() const {
        std::set<std::string> found;
        for (const std::string& line : stage_.service.client().command("rib show out").lines) {
            const Json peers = Json::parse(line);
            for (const Json& routes : peers) found.insert(routes["routes"][0]["prefix"]);
        }
        return found;
    }

  private:
    /// Until it is known to be done: a command that was lost may be sent again.
    void change(unsigned long which, bool announce, bool held) {
        const int number = static_cast<int>(which);
        const std::string line =
            fmt::format("peer * {} route {} next-hop 192.0.2.{}",
                        announce ? "announce" : "withdraw", prefix_of(number), random_() % 3 + 1);
        if (!announce && !expected_[number]) return;  // ExaBGP would answer with an error
        held_.erase(number);
        dropped_.erase(number);
        REQUIRE(eventually([&] { return is_done(line, held); }, settling));
        if (held) held_.insert(number);
        expected_[number] = announce;
    }

    [[nodiscard]] bool is_done(const std::string& line, bool held) {
        if (!held) {
            TestClient client = stage_.service.client();
            return client.command("sidecar keep on").terminator == "done" &&
                   client.command(line).terminator == "done";
        }
        if (!holder_) {
            holder_.emplace(stage_.service.client());
            if (holder_->command("sidecar lease 1h 0s").terminator != "done") holder_.reset();
        }
        return holder_ && holder_->command(line).terminator == "done";
    }

    // Leases begin anew, for an hour, also those whose holder had just ended: somebody else takes
    // over what they have.
    void kill_exapulsed() {
        holder_.reset();
        stage_.service.process().signal(SIGKILL);
        REQUIRE(stage_.service.process().wait_exit());
        stage_.service.start();
        std::set<int> leased = std::exchange(held_, {});
        leased.merge(std::exchange(dropped_, {}));
        for (const int number : leased) change(static_cast<unsigned long>(number), true, false);
    }

    std::mt19937 random_;
    Stage stage_;
    std::map<int, bool> expected_;
    std::set<int> held_;     // by holder_
    std::set<int> dropped_;  // held before, and perhaps not withdrawn yet
    std::optional<TestClient> holder_;
};

}  // namespace

TEST_CASE("chaos of routes: ExaBGP ends with what the list says, and the list with what was told") {
    const unsigned long seed = number_from("EXAPULSE_TEST_SEED", 1);
    const unsigned long steps = number_from("EXAPULSE_TEST_CHAOS", 120);
    CAPTURE(seed);
    RouteChaos chaos(seed);
    for (unsigned long i = 1; i <= steps; ++i) {
        CAPTURE(i);
        chaos.step();
        if (i % 40 == 0 || i == steps) {
            chaos.settle();
            CHECK(chaos.listed() == chaos.wanted());
            CHECK(chaos.shown() == chaos.wanted());
        }
    }
}

}  // namespace exapulse::test
