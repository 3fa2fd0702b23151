// SPDX-License-Identifier: BSD-3-Clause
#include "client/run/command_hint.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_address.hpp"

namespace exapulse::client {

namespace {

using CommandWords = std::span<const std::string>;

/// More opened than closed: a shell ends a command at its first `;`, and that is inside braces.
bool is_cut(CommandWords words) {
    std::ptrdiff_t open = 0;
    for (const std::string& word : words)
        open +=
            std::count(word.begin(), word.end(), '{') - std::count(word.begin(), word.end(), '}');
    return words.size() > 1 && open > 0;
}

/// `neighbor *` where the shell has put the names of files in place of the star.
bool has_files_for_star(CommandWords words, const IsFile& is_file) {
    return words.size() > 2 && (words[0] == "neighbor" || words[0] == "peer") &&
           !is_address(words[1]) && words[1] != "*" && is_file(words[1]);
}

struct Short {
    std::string_view letter;
    std::string_view before;  // the word in front of it; empty: it is the first
    std::string_view word;
};

// Those of exabgpcli that people type most.
constexpr std::array shorts{
    Short{"a", "", "announce"},
    Short{"w", "", "withdraw"},
    Short{"s", "", "show"},
    Short{"n", "", "neighbor"},
    Short{"f", "", "flush"},
    Short{"c", "", "clear"},
    Short{"t", "", "teardown"},
    Short{"h", "", "help"},
    Short{"n", "show", "neighbor"},
    Short{"a", "show", "adj-rib"},
    Short{"a", "clear", "adj-rib"},
    Short{"a", "flush", "adj-rib"},
    Short{"i", "adj-rib", "in"},
    Short{"o", "adj-rib", "out"},
    Short{"s", "neighbor", "summary"},
    Short{"e", "neighbor", "extensive"},
    Short{"c", "neighbor", "configuration"},
    Short{"r", "announce", "route"},
    Short{"r", "withdraw", "route"},
    Short{"f", "announce", "flow"},
    Short{"f", "withdraw", "flow"},
    Short{"a", "announce", "attributes"},
    Short{"a", "withdraw", "attributes"},
    Short{"e", "announce", "eor"},
    Short{"e", "in", "extensive"},
    Short{"e", "out", "extensive"},
};

/// The command in full words; empty when its first one is no short one.
std::string in_full(CommandWords words) {
    std::vector<std::string_view> full;
    for (const std::string& word : words) {
        const std::string_view before = full.empty() ? std::string_view() : full.back();
        const auto found = std::find_if(shorts.begin(), shorts.end(), [&](const Short& entry) {
            return entry.letter == word && entry.before == before;
        });
        if (found == shorts.end() && full.empty()) return {};
        full.push_back(found == shorts.end() ? std::string_view(word) : found->word);
    }
    return fmt::format("{}", fmt::join(full, " "));
}

}  // namespace

std::string command_hint(CommandWords words, const Verdict& verdict, const IsFile& is_file) {
    const bool refused = verdict.code == ExitCode::Usage || verdict.code == ExitCode::ExabgpError ||
                         verdict.code == ExitCode::Denied;
    if (!refused) return {};
    if (is_cut(words))
        return "; a shell ends an unquoted command at its first `;`: put the whole command in "
               "quotes, exapulse run '...'";
    if (has_files_for_star(words, is_file))
        return fmt::format(
            "; {} is a file here: a shell puts the names of files in place of an unquoted star, "
            "write '*'",
            words[1]);
    if (const std::string full = in_full(words); !full.empty())
        return fmt::format("; exabgpcli's short words are not taken here, did you mean: {}", full);
    return {};
}

}  // namespace exapulse::client
