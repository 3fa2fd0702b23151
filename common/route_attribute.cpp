// SPDX-License-Identifier: BSD-3-Clause
#include "common/route_attribute.hpp"

#include <algorithm>
#include <array>

#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;

constexpr std::array<string_view, 20> attributes{"aggregator",
                                                 "aigp",
                                                 "as-path",
                                                 "attribute",
                                                 "bgp-prefix-sid",
                                                 "bgp-prefix-sid-srv6",
                                                 "cluster-list",
                                                 "community",
                                                 "communities",
                                                 "extended-community",
                                                 "large-community",
                                                 "local-preference",
                                                 "med",
                                                 "name",
                                                 "next-hop",
                                                 "origin",
                                                 "originator-id",
                                                 "pmsi",
                                                 "redirect",
                                                 "watchdog"};
constexpr std::array<string_view, 4> bare_attributes{"async", "atomic-aggregate", "sync",
                                                     "withdraw"};

bool opens(string_view word) {
    return word == "[" || word == "(";
}

bool closes(string_view word) {
    return word.starts_with(']') || word.starts_with(')');
}

}  // namespace

bool is_attribute(string_view word) {
    return is_one_of(word, attributes);
}

bool is_bare_attribute(string_view word) {
    return is_one_of(word, bare_attributes);
}

RouteAttribute take_attribute(string_view name, std::span<const string_view>& words) {
    RouteAttribute attribute{name, {}};
    int depth = 0;
    while (!words.empty()) {
        const string_view word = words.front();
        words = words.subspan(1);
        const int outer = depth;
        if (opens(word)) ++depth;
        if (closes(word)) --depth;
        const bool punctuation = opens(word) || closes(word);
        const bool outermost = punctuation && std::max(outer, depth) == 1;
        if (punctuation && !outermost) attribute.nested = true;
        if (!outermost && word != ",") attribute.values.push_back(word);
        if (depth <= 0) break;
    }
    return attribute;
}

}  // namespace exapulse
