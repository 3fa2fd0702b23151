// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/socket_simulator/exabgp_v4.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/words.hpp"
#include "tests/support/simulator/neighbor_selector.hpp"
#include "tests/support/simulator/normal_form.hpp"
#include "tests/support/simulator/simulated_rib.hpp"

namespace exapulse::test {

namespace {

/// What each v4 spelling becomes; what follows it is kept.
struct Translation {
    std::string_view v4, v6;
};
constexpr std::array translations{
    Translation{"shutdown", "daemon shutdown"},
    Translation{"reload", "daemon reload"},
    Translation{"restart", "daemon restart"},
    Translation{"status", "daemon status"},
    Translation{"enable-ack", "session ack enable"},
    Translation{"disable-ack", "session ack disable"},
    Translation{"silence-ack", "session ack silence"},
    Translation{"enable-sync", "session sync enable"},
    Translation{"disable-sync", "session sync disable"},
    Translation{"reset", "session reset"},
    Translation{"ping", "session ping"},
    Translation{"bye", "session bye"},
    Translation{"help", "system help"},
    Translation{"version", "system version"},
    Translation{"crash", "system crash"},
    Translation{"queue-status", "system queue-status"},
    Translation{"api version", "system api version"},
    Translation{"show adj-rib in", "rib show in"},
    Translation{"show adj-rib out", "rib show out"},
    Translation{"show neighbor", "peer show"},
    Translation{"flush adj-rib out", "rib flush out"},
    Translation{"clear adj-rib in", "rib clear in"},
    Translation{"clear adj-rib out", "rib clear out"},
    Translation{"teardown", "peer * teardown"},
    Translation{"announce", "peer * announce"},
    Translation{"withdraw", "peer * withdraw"},
};

/// `group` is not among them: v4 knows only the one-line form, `peer * group ...`.
constexpr std::array<std::string_view, 5> words_of_both{"daemon", "session", "system", "rib",
                                                        "peer"};

std::vector<std::string_view> replaced(std::span<const std::string_view> line, std::size_t count,
                                       std::string_view by) {
    std::vector<std::string_view> result = words(by);
    const auto rest = line.subspan(count);
    result.insert(result.end(), rest.begin(), rest.end());
    return result;
}

}  // namespace

bool begins_with(std::span<const std::string_view> line, std::span<const std::string_view> start) {
    return line.size() >= start.size() && std::equal(start.begin(), start.end(), line.begin());
}

std::vector<std::string_view> translate_v4(std::span<const std::string_view> line) {
    if (std::find(words_of_both.begin(), words_of_both.end(), line.front()) != words_of_both.end())
        return {line.begin(), line.end()};
    if (line.front() == "neighbor") {
        if (line.size() > 1 && line[1].starts_with('[')) return replaced(line, 1, "peer");
        const auto selector =
            NeighborSelector::extract(formatted(fmt::format("{}", fmt::join(line, " "))));
        const auto action = std::find_if(line.begin(), line.end(), [](std::string_view word) {
            return word == "announce" || word == "withdraw" || word == "teardown";
        });
        // The one spelling where a selector that matches nobody is refused.
        if (action == line.end() || !selector.command.starts_with(*action) ||
            std::prev(action)->ends_with(',') || !selector.matches(SimulatedRib::peer_name, true))
            return {};
        return replaced(line, static_cast<std::size_t>(action - line.begin()), "peer *");
    }
    for (const Translation& translation : translations) {
        const auto start = words(translation.v4);
        if (begins_with(line, start)) return replaced(line, start.size(), translation.v6);
    }
    return {};
}

}  // namespace exapulse::test
