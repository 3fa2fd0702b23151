// SPDX-License-Identifier: BSD-3-Clause
// IpPrefix: what is one, and what is inside it.
#include <string>

#include <doctest/doctest.h>

#include "common/ip_prefix.hpp"

using namespace exapulse;

TEST_CASE("what is a prefix") {
    for (const char* text : {"192.0.2.0/24", "0.0.0.0/0", "192.0.2.1", "192.0.2.1/32", "::/0",
                             "2001:db8::/32", "2001:db8::1"})
        CHECK_MESSAGE(IpPrefix::parse(text), std::string(text));
    for (const char* text :
         {"", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/+24", "192.0.2.0/2_4",
          "192.0.2.0/0024", "192.0.2/24", "192.0.2.0/24/24", "2001:db8::1/32", "2001:db8::/129",
          "x", "192.0.2.0 /24"})
        CHECK_FALSE_MESSAGE(IpPrefix::parse(text), std::string(text));
}

TEST_CASE("what is inside a prefix") {
    struct Row {
        const char *outer, *inner;
        bool inside;
    };
    for (const Row& row : {
             Row{"192.0.2.0/24", "192.0.2.0/24", true},
             Row{"192.0.2.0/24", "192.0.2.128/25", true},
             Row{"192.0.2.0/24", "192.0.2.255", true},
             Row{"192.0.2.0/24", "192.0.2.0/23", false},
             Row{"192.0.2.0/24", "192.0.3.0/24", false},
             Row{"192.0.2.0/25", "192.0.2.128/25", false},
             Row{"0.0.0.0/0", "198.51.100.0/24", true},
             Row{"0.0.0.0/0", "2001:db8::/32", false},
             Row{"::/0", "0.0.0.0/0", false},
             Row{"2001:db8::/32", "2001:db8:1::/48", true},
             Row{"2001:db8::/33", "2001:db8:8000::/33", false},
         }) {
        CAPTURE(std::string(row.outer));
        CAPTURE(std::string(row.inner));
        CHECK(IpPrefix::parse(row.outer)->contains(*IpPrefix::parse(row.inner)) == row.inside);
    }
}
