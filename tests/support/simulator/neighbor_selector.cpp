// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/simulator/neighbor_selector.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

NeighborSelector NeighborSelector::extract_peer(std::string_view line) {
    NeighborSelector result{{}, std::string(line)};
    const auto all = words(line);
    if (all.size() < 2) return result;
    const bool bracket = all[1] == "[";
    if (!bracket && all[1] != "*" && all[1].find_first_of(".:") == std::string_view::npos)
        return result;
    std::vector<std::string> together;
    std::size_t at = bracket ? 2 : 1;
    for (; at < all.size(); ++at) {
        const bool key = std::find(keys.begin() + 1, keys.end(), all[at]) != keys.end();
        if (bracket && (all[at] == "]" || all[at] == ",")) {
            if (!together.empty()) result.alternatives.push_back(std::exchange(together, {}));
            if (all[at++] == "]") break;
            --at;
        } else if (together.empty()) {
            together.push_back(fmt::format("neighbor {}", all[at]));
            if (all[1] == "*") break;
        } else if (key && at + 1 < all.size()) {
            together.push_back(fmt::format("{} {}", all[at], all[at + 1]));
            ++at;
        } else if (bracket) {
            together.emplace_back(all[at]);
        } else {
            break;
        }
    }
    if (all[1] == "*") at = 2;
    if (!together.empty()) result.alternatives.push_back(std::move(together));
    result.command = fmt::format(
        "{}", fmt::join(all.begin() + static_cast<long>(std::min(at, all.size())), all.end(), " "));
    return result;
}

bool NeighborSelector::matches(std::string_view peer, bool has_wildcard) const {
    const auto matches_all = [&](const std::vector<std::string>& together) {
        for (const std::string& part : together) {
            if (has_wildcard && part == "neighbor *") return true;  // whatever filters follow
            if (!contains_words(peer, part)) return false;
        }
        return true;
    };
    return alternatives.empty() ||
           std::any_of(alternatives.begin(), alternatives.end(), matches_all);
}

}  // namespace exapulse::test
