// SPDX-License-Identifier: BSD-3-Clause
// LineHint: reasons that ExaBGP does not give.
#include <string>

#include <doctest/doctest.h>

#include "daemon/commands/line_hint.hpp"

using namespace exapulse;

namespace {

std::string hint_for(const char* line) {
    return exapulse::hint_for(Request(line));
}

}  // namespace

TEST_CASE("what a line shows to be wrong is named") {
    struct Row {
        const char* line;
        const char* part;
    };
    for (const Row& row : {
             Row{"ANNOUNCE route 192.0.2.0/24 next-hop 198.51.100.1", "lower case: 'announce'"},
             Row{"withdraw 192.0.2.0/24", "'withdraw route 192.0.2.0/24'"},
             Row{"neighbor 1.2.3.4 announce 2001:db8::/32 next-hop self", "announce route 2001"},
             Row{"s n s", "'s' is a shortcut"},
             Row{"neighbor README.md meson.build announce route y",
                 "'README.md' is not the address"},
             Row{"announce eor ipv4 unicast", "established"},
             Row{"peer * announce route-refresh ipv4 unicast", "established"},
         }) {
        CAPTURE(std::string(row.line));
        CHECK(hint_for(row.line).find(row.part) != std::string::npos);
    }
}

TEST_CASE("no reason is made up") {
    for (const char* line :
         {"", "x", "foo", "no such command", "announce", "announce route y", "show neighbors",
          "neighbor 1.2.3.4 announce route 192.0.2.0/24", "neighbor * announce route y",
          "peer [ 1.2.3.4 , 2001:db8::1 ] teardown 6", "neighbor", "announce flow route { }"})
        CHECK_MESSAGE(hint_for(line).empty(), std::string(line));
}
