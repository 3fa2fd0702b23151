// SPDX-License-Identifier: BSD-3-Clause
// P6 and P8: what clients can do to each other and to exapulsed.
#include <algorithm>

#include <fmt/format.h>

#include "tests/promises/calm.hpp"
#include "tests/promises/checks.hpp"
#include "tests/promises/commands.hpp"

namespace exapulse::test {

namespace {

using std::chrono::duration_cast;

void judge_wait(const RunRecord& run, const Asked& asked, Ending ending, Judgement& found) {
    const Bounds& bounds = run.bounds;
    if (asked.sent + bounds.turn > run.to) return;
    // What was disturbed may still have to be worked off.
    if (disturbed(run, delays_answers, asked.sent - bounds.reached() - bounds.turn,
                  asked.sent + bounds.turn))
        return;
    const auto waited = duration_cast<Duration>(asked.answered - asked.sent);
    const bool served = ending == Ending::Done || ending == Ending::Error;
    found.judge(
        served && waited <= bounds.turn,
        fmt::format("a client with one command under way waited {} ms for '{}', which was {}",
                    waited.count(), command_line(asked.number, run.pipes),
                    served ? "executed" : "not executed"));
}

template <typename Value>
void judge_limit(std::string_view name, Value value, Value limit, Judgement& found) {
    if (limit == 0) return;
    found.judge(value <= limit, fmt::format("{}: {}, more than {}", name, value, limit));
}

/// The median of the samples from one time to another; nullopt without samples.
std::optional<Sample> median(const RunRecord& run, Time from, Time to) {
    std::vector<std::size_t> memory, descriptors;
    for (const Sample& sample : run.samples) {
        if (sample.at < from || sample.at > to) continue;
        memory.push_back(sample.memory_kib);
        descriptors.push_back(sample.descriptors);
    }
    if (memory.empty()) return std::nullopt;
    const auto middle_of = [](std::vector<std::size_t>& values) {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        return *middle;
    };
    return Sample{from, middle_of(memory), middle_of(descriptors)};
}

}  // namespace

Judgement clients_harmed(const RunRecord& run) {
    Judgement found;
    for (const Asked& asked : run.asked) {
        const Ending ending = ending_of(asked.number, asked.answer, run.pipes);
        const bool cut = ending == Ending::None && !asked.left &&
                         !disturbed(run, {FaultKind::Away, FaultKind::NoDescriptors},
                                    asked.connected, asked.answered);
        found.judge(!cut, fmt::format("'{}' got no verdict, though exapulsed was running",
                                      command_line(asked.number, run.pipes)));
        if (asked.alone) judge_wait(run, asked, ending, found);
    }
    for (const std::string& line : run.forbidden)
        found.judge(false, fmt::format("ExaBGP got '{}' from a client that may not", line));
    for (const ClientsSample& sample : run.clients) {
        judge_limit("clients", sample.clients, run.bounds.clients, found);
        judge_limit("commands waiting of one client", sample.pending, run.bounds.pending, found);
        judge_limit("bytes unread of one client", sample.backlog, run.bounds.backlog, found);
    }
    return found;
}

Judgement bounds_exceeded(const RunRecord& run) {
    Judgement found;
    for (const Sample& sample : run.samples) {
        judge_limit("KiB of memory", sample.memory_kib, run.bounds.memory_kib, found);
        judge_limit("descriptors", sample.descriptors, run.bounds.descriptors, found);
    }
    return found;
}

Judgement growth(const RunRecord& run) {
    constexpr std::size_t spare_kib = 2'048;
    constexpr std::size_t spare_descriptors = 8;
    const auto third = (run.to - run.from) / 3;
    const auto first = median(run, run.from, run.from + third);
    const auto last = median(run, run.to - third, run.to);
    Judgement found;
    if (!first || !last) return found;
    if (run.bounds.memory_kib != 0)
        judge_limit("KiB of memory at the end", last->memory_kib,
                    first->memory_kib + first->memory_kib / 10 + spare_kib, found);
    judge_limit("descriptors at the end", last->descriptors, first->descriptors + spare_descriptors,
                found);
    return found;
}

}  // namespace exapulse::test
