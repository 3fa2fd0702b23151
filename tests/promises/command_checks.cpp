// SPDX-License-Identifier: BSD-3-Clause
// P1, P2 and P3: what becomes of a command.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "tests/promises/checks.hpp"
#include "tests/promises/commands.hpp"

namespace exapulse::test {

namespace {

Ending ending_in(const RunRecord& run, const Asked& asked) {
    return ending_of(asked.number, asked.answer, run.pipes);
}

/// The command and its answer, on one line.
std::string described(const RunRecord& run, const Asked& asked) {
    std::string answer = asked.answer;
    std::replace(answer.begin(), answer.end(), '\n', '|');
    return fmt::format("'{}', answered '{}',", command_line(asked.number, run.pipes), answer);
}

}  // namespace

Judgement answers_of_others(const RunRecord& run) {
    Judgement found;
    for (const Asked& asked : run.asked) {
        if (asked.answer.empty()) continue;
        const bool own = ending_in(run, asked) != Ending::Wrong;
        found.judge(own, own ? "" : described(run, asked) + " got what is not its answer");
    }
    return found;
}

Judgement commands_written_twice(const RunRecord& run) {
    Judgement found;
    std::unordered_map<CommandNumber, int> times;
    for (const AtExabgp& command : run.received) ++times[command.number];
    for (const auto& [number, count] : times)
        found.judge(count == 1, fmt::format("'{}' was written {} times",
                                            command_line(number, run.pipes), count));
    for (const Asked& asked : run.asked) {
        const Ending ending = ending_in(run, asked);
        if (ending != Ending::NotSent && ending != Ending::Busy) continue;
        found.judge(times.count(asked.number) == 0, described(run, asked) + " was written");
    }
    return found;
}

Judgement answers_without_exabgp(const RunRecord& run) {
    Judgement found;
    std::unordered_map<CommandNumber, Time> answered;
    for (const AtExabgp& command : run.answered) answered.emplace(command.number, command.at);
    for (const Asked& asked : run.asked) {
        const Ending ending = ending_in(run, asked);
        if (ending != Ending::Done && ending != Ending::Error) continue;
        const auto at = answered.find(asked.number);
        const bool earlier = at != answered.end() && at->second <= asked.answered;
        found.judge(earlier,
                    earlier ? "" : described(run, asked) + " was not answered by ExaBGP yet");
    }
    return found;
}

}  // namespace exapulse::test
