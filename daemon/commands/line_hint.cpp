// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/commands/line_hint.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "common/lower_case.hpp"

namespace exapulse {

namespace {

using std::string_view;
using Tokens = Words;

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_verb(string_view word) {
    constexpr std::array<string_view, 8> verbs{"announce", "withdraw", "neighbor", "peer",
                                               "show",     "teardown", "flush",    "clear"};
    return std::find(verbs.begin(), verbs.end(), word) != verbs.end();
}

bool looks_like_address(string_view word) {
    return word.find_first_not_of("0123456789abcdefABCDEF.:/") == string_view::npos;
}

/// `change` starts at `announce` or `withdraw`.
std::string hint_for_change(Tokens change) {
    if (change.size() < 2) return {};
    const string_view what = change[1];
    if (what.find('/') != string_view::npos && looks_like_address(what))
        return fmt::format("write '{} route {}', with the word route", change[0], what);
    if (what == "eor" || what == "route-refresh")
        return fmt::format(
            "ExaBGP accepts '{} {}' only while a peer is established, and for a family it knows",
            change[0], what);
    return {};
}

}  // namespace

std::string hint_for(const Request& request) {
    if (request.text().size() > 4096) return {};
    const Words parts = request.words();
    if (parts.empty()) return {};
    const string_view first = parts.front();
    if (std::any_of(first.begin(), first.end(), is_upper) && is_verb(lower_case(first)))
        return fmt::format("ExaBGP's commands are in lower case: '{}', not '{}'", lower_case(first),
                           first);
    if (first.size() == 1 && first[0] >= 'a' && first[0] <= 'z' && parts.size() > 1)
        return fmt::format(
            "'{}' is a shortcut of ExaBGP's own command line, not a command; write whole words",
            first);
    if ((first == "neighbor" || first == "peer") && parts.size() > 2 &&
        !looks_like_address(parts[1]) && parts[1].find('.') != string_view::npos)
        return fmt::format(
            "'{:.40}' is not the address of a peer; a shell replaces a '*' with file names unless "
            "it is quoted",
            parts[1]);
    const auto change = std::find_if(parts.begin(), parts.end(), [](string_view word) {
        return word == "announce" || word == "withdraw";
    });
    return hint_for_change({change, parts.end()});
}

}  // namespace exapulse
