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
          "deep     {\"a\":[1]}\n"
          "none     -\n"
          "empty    -");
}

TEST_CASE("objects line by line are one table") {
    CHECK(view({R"({"route": "10.0.0.0/24", "med": 5})", R"({"route": "10.0.1.0/24"})"}) ==
          "route        med\n"
          "10.0.0.0/24    5\n"
          "10.0.1.0/24");
}

TEST_CASE("an array of objects inside an object is a table behind the fields") {
    CHECK(view({R"({"time": "now", "peers": [{"address": "127.0.0.1"}]})"}) ==
          "time  now\n\npeers:\n\naddress\n127.0.0.1");
    CHECK(view({R"({"peers": [{"address": "127.0.0.1"}]})"}) == "address\n127.0.0.1");
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
    CHECK(view({"\033[2J"}) == " [2J");
    CHECK(view({"12"}) == "12");
    CHECK(view({R"({"a": "\u001b[2J"})"}) == "a   [2J");
    CHECK(view({R"({"a": 1})", "text"}) == "{\"a\": 1}\ntext");
    CHECK(view({}).empty());
}

TEST_CASE("empty JSON is said to be empty") {
    CHECK(view({"[]"}) == "(none)");
    CHECK(view({"{}"}) == "(empty)");
    CHECK(view({R"(["a", "b"])"}) == "a\nb");
}

TEST_CASE("raw is as it came") {
    CHECK(raw_view({R"({"a":  1})", "\tb"}) == "{\"a\":  1}\n b");
}
