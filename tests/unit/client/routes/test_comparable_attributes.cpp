// SPDX-License-Identifier: BSD-3-Clause
// comparable() and compare(): which attributes are the same in other words.
#include <string>

#include <doctest/doctest.h>

#include "client/routes/comparable_attributes.hpp"
#include "common/tokens.hpp"

using namespace exapulse;
using namespace exapulse::client;

namespace {

ComparableAttributes attributes_in(const std::string& text) {
    const std::string route = "route 10.0.0.0/24 " + text;
    const auto words = tokens(route);
    return comparable(read_route(words).attributes);
}

AttributeComparison compared(const std::string& wanted, const std::string& found) {
    return compare(attributes_in(wanted), attributes_in(found));
}

void check_same(const std::string& wanted, const std::string& found) {
    CAPTURE(wanted);
    CAPTURE(found);
    const AttributeComparison result = compared(wanted, found);
    CHECK(result.differences.empty());
    CHECK_FALSE(result.unsure);
}

void check_different(const std::string& wanted, const std::string& found, const std::string& name) {
    CAPTURE(wanted);
    CAPTURE(found);
    const AttributeComparison result = compared(wanted, found);
    REQUIRE(result.differences.size() == 1);
    CHECK(result.differences[0].name == name);
}

void check_unsure(const std::string& wanted, const std::string& found) {
    CAPTURE(wanted);
    CAPTURE(found);
    const AttributeComparison result = compared(wanted, found);
    CHECK(result.differences.empty());
    CHECK(result.unsure);
}

}  // namespace

TEST_SUITE("comparable attributes") {
    TEST_CASE("the same in the words of the command and in those of ExaBGP's versions") {
        check_same("med 5 next-hop 192.0.2.1", "next-hop 192.0.2.1 med 5");
        check_same("next-hop self", "next-hop 127.0.0.1");
        check_unsure("next-hop 192.0.2.1", "");
        check_same("next-hop 2001:DB8:0::1", "next-hop 2001:db8::1");
        check_same("as-path [ 65000 65010 ]", "as-path ( 65000 65010 )");
        check_same("as-path 65000", "as-path [ 65000 ]");
        check_same("as-path [ ]", "");
        check_same("origin IGP", "");
        check_same("origin EGP", "origin egp");
        check_same("community [ 65000:2 65000:1 no-export ]",
                   "community [ 65000:1 65000:2 no-export ]");
        check_same("communities 65000:1", "community 65000:1");
        check_same("large-community [ 65000:1:2 ]", "large-community 65000:1:2");
        check_same("extended-community [ target:65000:1 origin:65000:2 ]",
                   "extended-community [ origin:65000:0.0.0.2 target:65000:1 rate-limit:0 ]");
    }

    TEST_CASE("what the command does not name is not compared") {
        check_same("", "med 5 community 65000:1 origin egp");
        check_same("aggregator ( 65000:10.0.0.1 )", "");
    }

    TEST_CASE("what means something else is different") {
        check_different("med 5", "med 6", "med");
        check_different("med 5", "", "med");
        check_different("local-preference 100", "local-preference 200", "local-preference");
        check_different("next-hop 192.0.2.1", "next-hop 192.0.2.2", "next-hop");
        check_different("origin egp", "", "origin");
        check_different("as-path [ 1 2 ]", "as-path [ 2 1 ]", "as-path");
        check_different("community [ 65000:1 65000:2 ]", "community 65000:1", "community");
        check_different("community 65000:1", "community [ 65000:1 65000:2 ]", "community");
        check_different("large-community 1:2:3", "large-community 1:2:4", "large-community");
        check_different("extended-community target:1:2", "", "extended-community");
        check_different("extended-community target:1:2", "extended-community target:1:3",
                        "extended-community");
        const auto result = compared("med 5", "med 6");
        CHECK(result.differences.at(0).wanted == "5");
        CHECK(result.differences.at(0).found == "6");
    }

    TEST_CASE("what has spellings that are not known here is not called different") {
        check_unsure("community 0xFDE80001", "community 65000:1");
        check_unsure("community 65535:65281", "community no-export");
        check_unsure("as-path [ 65000 [ 1 2 ] ]", "as-path [ 65000 ( 1 2 ) ]");
        check_unsure("extended-community 0x0002fde800000001", "extended-community target:65000:1");
        check_unsure("extended-community target:1.2.3.4:5",
                     "extended-community target:258:50593797");
        check_unsure("community 65000:1 community 65000:2", "community 65000:2");
        check_unsure("med x", "med 5");
    }
}
