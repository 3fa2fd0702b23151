// SPDX-License-Identifier: BSD-3-Clause
#include <doctest/doctest.h>

#include "client/shell/answer_view.hpp"

using namespace exapulse::client;

namespace {

std::string view(const std::vector<std::string>& lines, std::size_t columns = 80) {
    return answer_view(lines, {{}, columns});
}

}  // namespace

TEST_CASE("an array of objects is a table, in ExaBGP's order of fields") {
    CHECK(view({R"([{"state": "down", "as": 65001}, {"state": "up", "as": 7, "x": null}])"}) ==
          "state     as  x\n"
          "down   65001\n"
          "up         7  -");
}

TEST_CASE("an object is a row for each field, nested values are compact") {
    CHECK(view({R"({"version": "6.0.0", "up": true, "list": [1, 2], "map": {"a": 1, "b": "c"},
                    "deep": {"a": [1]}, "none": null, "empty": []})"}) ==
          "version  6.0.0\n"
          "up       true\n"
          "list     1, 2\n"
          "map      a=1, b=c\n"
          "deep\n"
          "  a  1\n"
          "none     -\n"
          "empty    -");
}

TEST_CASE("objects line by line are one table") {
    CHECK(view({R"({"route": "10.0.0.0/24", "med": 5})", R"({"route": "10.0.1.0/24"})"}) ==
          "route        med\n"
          "10.0.0.0/24    5\n"
          "10.0.1.0/24");
}

TEST_CASE("an array of objects inside an object is a table below its name") {
    CHECK(view({R"({"time": "now", "peers": [{"address": "127.0.0.1", "as": 1}]})"}) ==
          "time  now\npeers\n  address    as\n  127.0.0.1   1");
}

TEST_CASE("6.0's rib show is one table of routes") {
    CHECK(
        view(
            {R"({"127.0.0.1": {"routes": [{"family": "ipv4 unicast", "prefix": "10.1.0.0/24"}]}})",
             R"({"10.0.0.2": {"routes": [{"family": "ipv4 unicast", "prefix": "10.1.1.0/24"}]}})"}) ==
        "peer       family        prefix\n"
        "127.0.0.1  ipv4 unicast  10.1.0.0/24\n"
        "10.0.0.2   ipv4 unicast  10.1.1.0/24");
    CHECK(view({R"({"127.0.0.1": {"routes": []}})"}) == "127.0.0.1\n  routes  -");
}

TEST_CASE("what does not fit beside its name, or has several lines, stands below it") {
    CHECK(view({R"({"a": {"b": {"c": 1}}, "text": "x  \n  y ", "d": 2})"}) ==
          "a\n  b  c=1\ntext\n  x\n    y\nd  2");
    CHECK(view({R"({"map": {"abcdefgh": 1, "b": 2}})"}, 16) == "map\n  abcdefgh  1\n  b         2");
    CHECK(view({R"([{"a": "x\ny", "b": 1}, {"a": {"c": {}}}])"}) ==
          "a\n  x\n  y\nb  1\n\na\n  c  -");
}

TEST_CASE("a table that is too wide becomes blocks, and nothing is left out") {
    CHECK(view({R"([{"a": "abcdefghij", "bb": "abcdefghij"}, {"a": "x", "bb": "y"}])"}, 20) ==
          "a   abcdefghij\n"
          "bb  abcdefghij\n"
          "\n"
          "a   x\n"
          "bb  y");
    CHECK(view({R"([{"a": "abcdefghij", "bb": "abcdefghij"}])"}, 22) ==
          "a           bb\nabcdefghij  abcdefghij");
}

TEST_CASE("what is not JSON stays as it is, without control characters") {
    CHECK(view({"exabgp 4.2.21"}) == "exabgp 4.2.21");
    CHECK(view({"", "a  b", "{ not json", ""}) == "\na  b\n{ not json\n");
    CHECK(view({"\033[2J"}) == "\\x1b[2J");
    CHECK(view({"12"}) == "12");
    CHECK(view({R"({"a": "\u001b[2J"})"}) == "a  \\x1b[2J");
    CHECK(view({R"({"a": 1})", "text"}) == "{\"a\": 1}\ntext");
    CHECK(view({}).empty());
}

TEST_CASE("empty JSON is said to be empty") {
    CHECK(view({"[]"}) == "(none)");
    CHECK(view({"{}"}) == "(empty)");
    CHECK(view({R"(["a", "b"])"}) == "a\nb");
}

TEST_CASE("raw is as it came") {
    CHECK(raw_view({R"({"a":  1})", "\tb"}) == "{\"a\":  1}\n\tb");
}
