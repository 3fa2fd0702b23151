// SPDX-License-Identifier: BSD-3-Clause
// promises: breaks what can break around exapulsed, and judges whether it keeps its promises.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/promises/checks.hpp"
#include "tests/promises/commands.hpp"
#include "tests/promises/run.hpp"
#include "tests/promises/tested_daemon.hpp"

namespace exapulse::test {

namespace {

constexpr std::size_t printed_violations = 10;

struct Count {
    std::string_view name;
    std::size_t count = 0;
};

void print_counts(std::string_view what, const std::vector<Count>& counts) {
    std::string line(what);
    for (const auto& [name, count] : counts)
        if (count > 0) line += fmt::format(" {} {},", name, count);
    line.back() = '\n';
    fmt::print("{}", line);
}

void print_summary(const RunRecord& run) {
    std::vector<Count> endings{{"done"},          {"error"}, {"not-sent"},   {"outcome-unknown"},
                               {"exabgp-failed"}, {"busy"},  {"incomplete"}, {"none"},
                               {"wrong"}};
    for (const Asked& asked : run.asked)
        ++endings[static_cast<std::size_t>(ending_of(asked.number, asked.answer, run.pipes))].count;
    std::vector<Count> faults;
    for (const std::string_view name : fault_names) faults.push_back({name});
    for (const Fault& fault : run.faults) ++faults[static_cast<std::size_t>(fault.kind)].count;
    const auto memory = std::max_element(
        run.samples.begin(), run.samples.end(),
        [](const Sample& a, const Sample& b) { return a.memory_kib < b.memory_kib; });
    fmt::print(
        "{} commands in {} s, {} events, {} runs of exapulsed, at most {} KiB\n", run.asked.size(),
        std::chrono::duration_cast<std::chrono::seconds>(run.to - run.from).count(),
        run.events.size(), run.runs.size(), memory == run.samples.end() ? 0 : memory->memory_kib);
    print_counts("  commands:", endings);
    print_counts("  faults:  ", faults);
}

/// What happened when, for whoever looks into a violation.
void print_timeline(const RunRecord& run) {
    struct Entry {
        Time at;
        std::string text;
    };
    const auto ms = [&](Time time) {
        return std::chrono::duration_cast<Duration>(time - run.from).count();
    };
    std::vector<Entry> entries;
    for (const Fault& fault : run.faults)
        entries.push_back(
            {fault.from, fmt::format("{} until {}", name_of(fault.kind), ms(fault.to))});
    for (const DaemonRun& ended : run.runs)
        entries.push_back({ended.from, fmt::format("exapulsed until {}", ms(ended.to))});
    for (const SeenEvent& event : run.events)
        entries.push_back({event.at, fmt::format("event {} {} {} {}, {}", event.boot.substr(0, 8),
                                                 event.seq, name_of(event.type),
                                                 event.uuid.substr(0, 8), name_of(event.state))});
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.at < b.at; });
    for (const Entry& entry : entries) fmt::print("  {:>8} {}\n", ms(entry.at), entry.text);
}

/// Returns the number of violations.
std::size_t print(std::string_view name, std::string_view text, const Judgement& judgement) {
    const auto& violations = judgement.violations;
    fmt::print("  {} {}: {} judged, {} violations\n", name, text, judgement.judged,
               violations.size());
    for (std::size_t i = 0; i < std::min(violations.size(), printed_violations); ++i)
        fmt::print("     {}\n", violations[i]);
    return violations.size();
}

std::size_t judge(const RunRecord& record, bool soak) {
    print_summary(record);
    std::size_t violations = 0;
    for (const Promise& promise : promises())
        violations += print(promise.name, promise.text, promise.judge(record));
    if (soak) violations += print("P8", "memory and descriptors stay flat", growth(record));
    if (violations > 0) {
        print_timeline(record);
        fmt::print("exapulsed's log:\n{}", record.log);
    }
    std::fflush(stdout);
    return violations;
}

}  // namespace

}  // namespace exapulse::test

int main(int argc, char** argv) {
    using namespace exapulse;
    using std::chrono::seconds;
    CLI::App app{"Breaks what can break around exapulsed, and judges its promises (see README)"};
    test::RunOptions options;
    options.seed = std::random_device()();
    int time_s = 60;
    int soak_minutes = 0;
    std::string upstream = "all";
    app.add_option("--seed", options.seed, "Repeats the choices of an earlier run");
    app.add_option("--seconds", time_s, "How long, at least")->capture_default_str();
    app.add_option("--commands", options.commands, "How many, at least");
    app.add_option("--clients", options.clients, "That send batches")->capture_default_str();
    app.add_option("--soak", soak_minutes,
                   "For so long one exapulsed, whose memory must stay flat");
    app.add_option("--upstream", upstream,
                   "v6, 5.0, 4.2, or all: two thirds of the time v6, then the others")
        ->check(CLI::IsMember({"v6", "5.0", "4.2", "all"}))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    options.own_mounts = test::may_mount();
    if (!options.own_mounts) fmt::print("No mounts of its own: exapulsed's disk is never full.\n");
    if (soak_minutes > 0) {
        time_s = soak_minutes * 60;
        options.exapulsed_stays = true;
    }
    struct Part {
        Dialect dialect;
        int sixths;
    };
    std::vector<Part> parts{{Dialect::V6, 4}, {Dialect::Pipes50, 1}, {Dialect::Pipes42, 1}};
    if (upstream != "all") parts = {{parse_dialect(upstream).value_or(Dialect::V6), 6}};
    std::size_t violations = 0;
    for (const Part& part : parts) {
        options.dialect = part.dialect;
        options.time = seconds(time_s * part.sixths / 6);
        fmt::print("ExaBGP {}, seed {}\n", name_of(part.dialect), options.seed);
        std::fflush(stdout);
        violations += test::judge(test::run(options), soak_minutes > 0);
    }
    fmt::print("{} violations, seed {}\n", violations, options.seed);
    return violations == 0 ? 0 : 1;
}
