// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/peer_selector.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/words.hpp"

namespace exapulse {

namespace {

// SELECTOR_KEYS in ExaBGP's reactor/api/command/limit.py.
constexpr std::array<std::string_view, 5> keys{"local-ip", "local-as", "peer-as", "router-id",
                                               "family-allowed"};

bool is_key(std::string_view word) {
    return std::find(keys.begin(), keys.end(), word) != keys.end();
}

/// As formated() in ExaBGP's configuration/core/format.py has it: brackets are words of their own
/// where something stands inside of them, "x[" and "]x" are not.
std::string spaced(std::string_view line) {
    std::string out;
    for (const char c : line) {
        if (c == ']' || c == ')' || c == ',') out += ' ';
        out += c;
        if (c == '[' || c == '(' || c == ',') out += ' ';
    }
    return out;
}

/// `string` stands in `name` between blanks or ends; a comma may follow, too.
bool stands_in(std::string_view name, std::string_view string) {
    for (auto at = name.find(string); at != std::string_view::npos;
         at = name.find(string, at + 1)) {
        const auto end = at + string.size();
        const bool starts = at == 0 || name[at - 1] == ' ';
        const bool ends = end == name.size() || name[end] == ' ' || name[end] == ',';
        if (starts && ends) return true;
    }
    return false;
}

}  // namespace

std::optional<PeerSelector> PeerSelector::in(std::string_view line) {
    const std::string text = spaced(line);
    const auto parts = words(text);
    if (parts.size() < 2) return std::nullopt;
    const bool bracket = parts[1] == "[";
    const bool address = parts[1].find_first_of(".:") != std::string_view::npos;
    const bool guards_itself = parts[0] == "neighbor";
    const bool selects = (parts[0] == "peer" && (bracket || address)) || (guards_itself && bracket);
    if (!selects) return std::nullopt;

    PeerSelector selector;
    Alternative current;
    const auto end_alternative = [&] {
        if (!current.empty()) selector.alternatives_.push_back(std::move(current));
        current.clear();
    };
    std::size_t i = bracket ? 2 : 1;
    for (; i < parts.size(); ++i) {
        if (bracket && parts[i] == "]") break;
        if (bracket && parts[i] == ",") {
            end_alternative();
        } else if (current.empty()) {
            current.push_back(fmt::format("neighbor {}", parts[i]));
        } else if (is_key(parts[i])) {
            if (i + 1 < parts.size())
                current.push_back(fmt::format("{} {}", parts[i], parts[i + 1]));
            ++i;
        } else if (bracket) {
            current.emplace_back(parts[i]);
        } else {
            break;
        }
    }
    end_alternative();
    if (guards_itself && !selector.alternatives_.empty()) return std::nullopt;
    const std::size_t end = std::min(i + (bracket ? 1 : 0), parts.size());
    selector.text_ = fmt::format(
        "{}", fmt::join(parts.begin() + 1, parts.begin() + static_cast<std::ptrdiff_t>(end), " "));
    return selector;
}

bool PeerSelector::matches(std::span<const Peer> peers) const {
    const auto matches_one = [&](const Alternative& alternative) {
        return std::any_of(peers.begin(), peers.end(), [&](const Peer& peer) {
            for (const std::string& part : alternative) {
                if (part == "neighbor *") return true;
                if (!stands_in(peer.name, part)) return false;
            }
            return true;
        });
    };
    return std::any_of(alternatives_.begin(), alternatives_.end(), matches_one);
}

}  // namespace exapulse
