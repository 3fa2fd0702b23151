// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>

#include "client/view/display_width.hpp"
#include "client/view/table.hpp"

using namespace exapulse::client;

TEST_CASE("a table is aligned, numbers on the right, without blanks at the end of a line") {
    Table table({"address", "AS", "state"});
    table.add({"127.0.0.1", "65001", "established"});
    table.add({"2001:db8::1", "-", ""});
    table.add({"10.0.0.2"});
    CHECK(table.text({}) ==
          "address         AS  state\n"
          "127.0.0.1    65001  established\n"
          "2001:db8::1      -\n"
          "10.0.0.2");
}

TEST_CASE("headers are bold where there is colour, and only they") {
    Table table({"a"});
    table.add({"x"});
    CHECK(table.text({true, true}) == "\033[1ma\033[0m\nx");
}

TEST_CASE("addresses and prefixes are no numbers, fractions are") {
    Table table({"prefix", "ms"});
    table.add({"10.0.0.0/24", "0.25"});
    table.add({"1.2.3.4", "-12.5"});
    CHECK(table.text({}) ==
          "prefix          ms\n"
          "10.0.0.0/24   0.25\n"
          "1.2.3.4      -12.5");
}

TEST_CASE("a cell too many gets a column without a name, and control characters are escaped") {
    Table table({"a"});
    table.add({"1", "x\033[2Jy"});
    CHECK(table.text({}) == "a\n1  x\\x1b[2Jy");
}

TEST_CASE("columns are counted as a terminal shows them") {
    CHECK(display_width("") == 0);
    CHECK(display_width("peer") == 4);
    CHECK(display_width("caf\xc3\xa9") == 4);
    CHECK(display_width("cafe\xcc\x81") == 4);
    CHECK(display_width("\xe6\x9d\xb1\xe4\xba\xac") == 4);
    CHECK(display_width("\xff\xe6") == 2);

    Table table({"name", "x"});
    table.add({"\xe6\x9d\xb1\xe4\xba\xac", "y"});
    table.add({"caf\xc3\xa9", "z"});
    CHECK(table.text({}) == "name  x\n\xe6\x9d\xb1\xe4\xba\xac  y\ncaf\xc3\xa9  z");
}
