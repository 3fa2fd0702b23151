// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/neighbor_selector.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/words.hpp"

namespace exapulse::test {

namespace {

constexpr std::array<std::string_view, 6> keys{"neighbor", "local-ip",  "local-as",
                                               "peer-as",  "router-id", "family-allowed"};

/// Whether `part` stands in `name` as whole words; a comma ends one as well.
bool contains_words(std::string_view name, std::string_view part) {
    for (auto at = name.find(part); at != name.npos; at = name.find(part, at + 1)) {
        const auto end = at + part.size();
        const bool starts = at == 0 || name[at - 1] == ' ';
        const bool ends = end == name.size() || name[end] == ' ' || name[end] == ',';
        if (starts && ends) return true;
    }
    return false;
}

}  // namespace

NeighborSelector NeighborSelector::extract(std::string_view line) {
    NeighborSelector result{{}, std::string(line)};
    const auto all = words(line);
    if (all.size() < 3 || all[0] != "neighbor") return result;
    std::vector<std::string> together{fmt::format("neighbor {}", all[1])};
    std::size_t at = 2;
    while (at + 1 < all.size()) {
        if (all[at] == ",") {
            result.alternatives.push_back(std::move(together));
            together.clear();
            ++at;
        } else if (std::find(keys.begin(), keys.end(), all[at]) != keys.end()) {
            together.push_back(fmt::format("{} {}", all[at], all[at + 1]));
            at += 2;
        } else {
            break;
        }
    }
    if (!together.empty()) result.alternatives.push_back(std::move(together));
    result.command =
        fmt::format("{}", fmt::join(all.begin() + static_cast<long>(at), all.end(), " "));
    return result;
}

bool NeighborSelector::matches(std::string_view peer, bool has_wildcard) const {
    const auto holds = [&](const std::string& part) {
        return (has_wildcard && part == "neighbor *") || contains_words(peer, part);
    };
    return alternatives.empty() ||
           std::any_of(alternatives.begin(), alternatives.end(), [&](const auto& together) {
               return std::all_of(together.begin(), together.end(), holds);
           });
}

}  // namespace exapulse::test
