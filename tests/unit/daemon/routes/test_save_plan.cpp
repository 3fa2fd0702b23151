// SPDX-License-Identifier: BSD-3-Clause
// SavePlan: what is on disk, whatever happens to the disk, and what is told of it.
#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "daemon/routes/save_plan.hpp"

using namespace exapulse;

namespace {

using namespace std::chrono_literals;
using When = SavePlan::When;
using Lines = std::vector<std::string>;

constexpr TimePoint start{1h};

/// A ledger, and a store that does what it is asked when the test says so.
struct Disk {
    Ledger ledger;
    SavePlan plan{ledger};
    TimePoint now = start;

    std::map<RouteNumber, std::string> file;
    std::map<RouteNumber, std::string> written;  // file, as the last write left it
    std::string had_by;
    bool has_all = true;   // else it takes no change before all
    bool broken = false;   // nothing can be written or read
    bool crowded = false;  // there is no room for all routes
    bool changed = false;  // and that was not reported yet

    std::optional<SavePlan::Step> step;
    std::optional<std::string> result;  // of step
    std::size_t steps = 0;

    struct Noted {
        Ledger::Changes changes{};
        bool to_save = true;  ///< as KeptRoutes decides it
    };
    Noted note(const std::string& line, bool keep = true) {
        Noted noted;
        for (const RouteChange& change : route_changes(Request(line))) {
            noted.changes = ledger.note(change, {}, {.keep = keep}, WallTime(1h));
            noted.to_save = plan.note(noted.changes, change.nlri) ||
                            (!change.announces && plan.may_have(change.nlri));
        }
        return noted;
    }
    [[nodiscard]] bool has(const std::string& prefix) const {
        return std::any_of(file.begin(), file.end(), [&](const auto& route) {
            return route.second.find(prefix) != std::string::npos;
        });
    }
    void take_step() {
        if (step) return;
        step = plan.next(now);
        if (step) ++steps;
    }
    /// What the store does, on its thread.
    void carry_out() {
        if (!step || result) return;
        const RouteWrite& write = step->change;
        if (broken || (crowded && write.all)) {
            result = "no";
        } else if (!step->reads && !write.all && !has_all) {
            result = "another file";
        } else {
            result = "";
            has_all = true;
            if (write.all) file.clear();
            for (const auto& [number, entry] : write.added) file[number] = entry.line();
            for (const RouteNumber number : write.removed) file.erase(number);
            if (write.had_by) had_by = *write.had_by;
            written = file;
        }
    }
    /// What the loop hears of it.
    void report() {
        if (!step || !result) return;
        const SavePlan::Step done = *std::exchange(step, std::nullopt);
        const std::string problem = *std::exchange(result, std::nullopt);
        done.reads ? plan.on_read(problem.empty(), now) : plan.on_written(problem, now);
    }
    void report_change() {
        if (std::exchange(changed, false)) plan.on_store_change(now);
    }
    /// Until nothing is left to be done now.
    void run() {
        do {
            report_change();
            take_step();
            carry_out();
            report();
        } while (changed || (plan.next_due() && *plan.next_due() <= now));
    }
    /// Nothing is left to be done, and nothing is known to be wrong.
    [[nodiscard]] bool at_rest() const {
        return !step && !changed && !plan.next_due() && plan.problem().empty();
    }
    [[nodiscard]] std::map<RouteNumber, std::string> kept() const {
        std::map<RouteNumber, std::string> all;
        for (const auto& [number, entry] : ledger.entries())
            if (entry.kept) all[number] = entry.line();
        return all;
    }
    SavePlan::OnSaved told(Lines& answers) {
        return [&answers](const std::string& problem) { answers.push_back(problem); };
    }
};

const std::string a = "announce route 10.0.0.0/24 next-hop self";
const std::string b = "announce route 10.0.1.0/24 next-hop self";

}  // namespace

TEST_SUITE("save plan") {
    TEST_CASE_FIXTURE(Disk,
                      "a change is told once it is on disk, and what changes nothing at once") {
        Lines answers;
        note(a);
        plan.save(told(answers), When::Now, now);
        take_step();
        REQUIRE(step);
        CHECK(answers.empty());
        carry_out();
        CHECK(answers.empty());
        report();
        CHECK(answers == Lines{""});
        CHECK(file == kept());
        note(b, false);
        plan.save(told(answers), When::Now, now);
        take_step();
        CHECK_FALSE(step);
        CHECK(answers == Lines{"", ""});
    }

    TEST_CASE_FIXTURE(Disk, "changes that others follow wait for them, for a moment") {
        Lines answers;
        for (std::size_t i = 0; i + 1 < SavePlan::group_size; ++i) {
            note(fmt::format("announce route 10.0.{}.0/24 next-hop self", i));
            plan.save(told(answers), When::WithOthers, now);
        }
        take_step();
        CHECK_FALSE(step);
        CHECK(plan.next_due() == now + SavePlan::group_time);
        SUBCASE("until there are enough") {
            plan.save(told(answers), When::WithOthers, now);
        }
        SUBCASE("until the time is over") {
            now += SavePlan::group_time;
        }
        SUBCASE("until one waits for no other") {
            plan.save(told(answers), When::Now, now);
        }
        SUBCASE("until the end") {
            plan.stop(now);
        }
        run();
        CHECK(steps == 1);
        CHECK(answers.size() >= SavePlan::group_size - 1);
        CHECK(file == kept());
    }

    TEST_CASE_FIXTURE(Disk, "a failure is told, and all is written after a pause") {
        Lines answers;
        note(a);
        run();
        broken = true;
        note(b);
        plan.save(told(answers), When::Now, now);
        run();
        CHECK(answers == Lines{"no"});
        CHECK(plan.problem() == "no");
        note("withdraw route 10.0.0.0/24 next-hop self");
        plan.save(told(answers), When::Now, now);
        CHECK(answers == Lines{"no", "no"});
        broken = false;
        CHECK(plan.next_due() == now + SavePlan::pause);
        now += SavePlan::pause;
        run();
        CHECK(plan.problem().empty());
        CHECK(file == kept());
    }

    TEST_CASE_FIXTURE(Disk, "a store that changes at each failure is not asked without end") {
        note(a);
        crowded = true;
        has_all = false;
        plan.on_store_change(now);
        const TimePoint end = now + 1min;
        while (now < end) {
            changed = true;
            report_change();
            take_step();
            changed = true;  // while it is asked
            report_change();
            carry_out();
            report();
            now += 10ms;
        }
        CHECK(steps >= 12);
        CHECK(steps <= 26);
        crowded = false;
        now += SavePlan::pause;
        run();
        CHECK(file == kept());
    }

    TEST_CASE_FIXTURE(Disk, "what is in a file that can't be read is not written over") {
        Lines answers;
        file[7] = a;
        broken = true;
        plan.wait_until_readable(now);
        note(b);
        plan.save(told(answers), When::Now, now);
        CHECK(answers.size() == 1);
        CHECK_FALSE(answers[0].empty());
        now += SavePlan::pause;
        run();
        CHECK(steps == 1);
        CHECK(plan.unread());
        broken = false;
        plan.on_store_change(now);
        take_step();
        REQUIRE(step);
        CHECK(step->reads);
        CHECK(file.contains(7));
        run();
        CHECK_FALSE(plan.unread());
        CHECK(file == kept());
    }

    TEST_CASE("whatever happens to the disk, nobody is told what is not so") {
        constexpr unsigned seeds = 500;
        constexpr int moments = 300;
        std::size_t promised = 0, failed = 0;
        for (unsigned seed = 1; seed <= seeds; ++seed) {
            CAPTURE(seed);
            std::mt19937 random(seed);
            const auto one_in = [&](unsigned n) { return random() % n == 0; };
            Disk disk;
            std::size_t asked = 0, told = 0;
            bool wrong = false;
            const auto save = [&](const Disk::Noted& noted, const std::string& withdrawn,
                                  When when) {
                if (!noted.to_save) {  // it is told at once
                    wrong = wrong || (!withdrawn.empty() && disk.has(withdrawn));
                    return;
                }
                const Ledger::Changes& changes = noted.changes;
                ++asked;
                disk.plan.save(
                    [&, changes](const std::string& problem) {
                        ++told;
                        problem.empty() ? ++promised : ++failed;
                        if (!problem.empty()) return;
                        for (const Ledger::Removed& removed : changes.removed)
                            wrong = wrong || disk.written.contains(removed.number);
                        if (!changes.added || !disk.ledger.find(*changes.added)) return;
                        if (!disk.ledger.find(*changes.added)->kept) return;
                        wrong = wrong || !disk.written.contains(*changes.added);
                    },
                    when, disk.now);
            };
            for (int i = 0; i < moments; ++i) {
                switch (random() % 10) {
                    case 0:
                    case 1:
                    case 2: {
                        const std::string prefix = fmt::format("10.0.{}.0/24", random() % 5);
                        const bool withdraws = one_in(3);
                        save(disk.note(fmt::format("{} route {} next-hop self",
                                                   withdraws ? "withdraw" : "announce", prefix),
                                       !one_in(4)),
                             withdraws ? prefix : "", one_in(2) ? When::Now : When::WithOthers);
                        break;
                    }
                    case 3:
                        disk.carry_out();
                        break;
                    case 4:
                        disk.report();
                        break;
                    case 5:
                        disk.report_change();
                        break;
                    case 6:
                        disk.now += Milliseconds(random() % (one_in(5) ? 8000 : 4));
                        break;
                    case 7:
                        if (!one_in(4)) break;
                        disk.broken = !disk.broken;
                        disk.changed = !disk.broken || disk.changed;
                        break;
                    case 8:
                        if (!one_in(8)) break;
                        disk.file.clear();
                        disk.had_by.clear();
                        disk.has_all = false;
                        disk.changed = true;
                        break;
                    default:
                        if (one_in(8)) disk.crowded = !disk.crowded;
                        if (!one_in(8)) break;
                        disk.plan.note_had_by(fmt::format("{}", i));
                        save({}, "", When::Now);
                }
                disk.take_step();
                if (disk.at_rest()) REQUIRE(disk.file == disk.kept());
            }
            disk.changed = disk.changed || disk.broken;
            disk.broken = disk.crowded = false;
            for (int i = 0; i < 4; ++i) {
                disk.carry_out();
                disk.report();
                disk.report_change();
                disk.now += SavePlan::pause;
                disk.take_step();
            }
            REQUIRE_FALSE(wrong);
            REQUIRE(told == asked);
            REQUIRE(disk.plan.problem().empty());
            REQUIRE(disk.file == disk.kept());
            REQUIRE(disk.had_by == disk.plan.had_by());
        }
        MESSAGE(promised, " promises, ", failed, " failures");
        CHECK(promised > seeds);
        CHECK(failed > seeds);
    }
}
