// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>

#include "daemon/exabgp/dialect.hpp"
#include "daemon/exabgp/sync_word.hpp"

using namespace exapulse;

namespace {

std::string synchronous(Dialect dialect, std::string_view line) {
    return with_sync(rules_of(dialect), Request(line)).value_or("");
}

}  // namespace

TEST_CASE("sync goes to the end of an announce or a withdraw, once") {
    struct Row {
        std::string_view line, expected;
    };
    for (const Row& row : {
             Row{"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1",
                 "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 sync"},
             Row{"peer 192.0.2.9 withdraw route 10.0.0.0/24  ",
                 "peer 192.0.2.9 withdraw route 10.0.0.0/24 sync  "},
             Row{"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 sync", ""},
             Row{"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 async json", ""},
             Row{"peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 json",
                 "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1 json sync"},
             Row{"peer * group announce route 10.0.0.0/24 next-hop 192.0.2.1 ; withdraw route x "
                 "sync",
                 "peer * group announce route 10.0.0.0/24 next-hop 192.0.2.1 sync ; withdraw route "
                 "x "
                 "sync"},
             Row{"peer * group announce route 10.0.0.0/24 next-hop self sync ; withdraw route x",
                 ""},
             Row{"peer list", ""},
             Row{"rib show out", ""},
             Row{"", ""},
         }) {
        CAPTURE(std::string(row.line));
        CHECK(synchronous(Dialect::V6, row.line) == row.expected);
    }
    CHECK(synchronous(Dialect::V4, "announce route 10.0.0.0/24 next-hop 192.0.2.1") ==
          "announce route 10.0.0.0/24 next-hop 192.0.2.1 sync");
    CHECK(synchronous(Dialect::V4, "show neighbor").empty());
}
