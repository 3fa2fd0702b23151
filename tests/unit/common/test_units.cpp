// SPDX-License-Identifier: BSD-3-Clause
// Durations, sizes and times, as people write them.
#include <doctest/doctest.h>

#include "common/units.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

TEST_CASE("durations are read back as they are written") {
    struct Row {
        const char* text;
        std::chrono::milliseconds value;
        const char* written;
    };
    for (const Row& row : {Row{"500ms", 500ms, "500ms"}, Row{"10s", 10s, "10s"},
                           Row{"90s", 90s, "90s"}, Row{"120s", 2min, "2m"}, Row{"2h", 2h, "2h"},
                           Row{"1500ms", 1500ms, "1500ms"}, Row{"0ms", 0ms, "0ms"}}) {
        CAPTURE(std::string(row.text));
        const auto value = parse_duration(row.text);
        REQUIRE(value);
        CHECK(*value == row.value);
        CHECK(format_duration(*value) == row.written);
        CHECK(parse_duration(format_duration(*value)) == value);
    }
    for (const char* wrong : {"", "10", "s", "10 s", "-1s", "1.5s", "10sec", "99999999999999999h"})
        CHECK_MESSAGE(!parse_duration(wrong), wrong);
}

TEST_CASE("sizes") {
    CHECK(parse_size("8MiB") == 8U << 20);
    CHECK(parse_size("4096") == 4096U);
    CHECK(format_size(8U << 20) == "8MiB");
    CHECK(format_size(1'000) == "1000");
    CHECK(format_size(0) == "0");
    for (const char* wrong : {"", "MiB", "8MB", "-1", "8 MiB", "99999999999GiB"})
        CHECK_MESSAGE(!parse_size(wrong), wrong);
}

TEST_CASE("durations for people") {
    CHECK(describe_duration(340ms) == "340ms");
    CHECK(describe_duration(1042ms) == "1.0s");
    CHECK(describe_duration(42s) == "42s");
    CHECK(describe_duration(200s) == "3m 20s");
    CHECK(describe_duration(5h + 2min) == "5h 2m");
    CHECK(describe_duration(76h) == "3d 4h");
}

TEST_CASE("times are RFC 3339 in UTC with microseconds, and read back") {
    const auto time = std::chrono::system_clock::time_point(1'700'000'000'000'042us);
    CHECK(format_time(time) == "2023-11-14T22:13:20.000042Z");
    CHECK(parse_time("2023-11-14T22:13:20.000042Z") == time);
    CHECK(format_time(std::chrono::system_clock::time_point(-1us)) ==
          "1969-12-31T23:59:59.999999Z");
    for (const char* wrong : {"", "2023-11-14", "2023-11-14T22:13:20Z",
                              "2023-11-14T22:13:20.000042", "2023-11-14T22:13:20.00004xZ",
                              "2826-11-23T20:36:00.102346Z", "2023-11-14T22:13:2.000042Z"})
        CHECK_MESSAGE(!parse_time(wrong), wrong);
}

TEST_CASE("times of RFC 3339, with any zone") {
    const auto time = std::chrono::system_clock::time_point(1'700'000'000s);
    CHECK(parse_zoned_time("2023-11-14T22:13:20Z") == time);
    CHECK(parse_zoned_time("2023-11-14T22:13:20.5Z") == time + 500ms);
    CHECK(parse_zoned_time("2023-11-14T22:13:20.1234567Z") == time + 123'456us);
    CHECK(parse_zoned_time("2023-11-14T23:13:20+01:00") == time);
    CHECK(parse_zoned_time("2023-11-14T18:43:20-03:30") == time);
    for (const char* wrong :
         {"", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14T22:13:20.Z", "2023-11-14T22:13Z",
          "2023-11-14T22:13:20+0100", "2023-11-14T22:13:20+24:00", "2023-11-14T22:13:20+01:60",
          "2023-11-14T22:13:20+01:0x", "2023-11-14T22:13:20Zx", "2023-13-14T22:13:20Z",
          "2999-01-01T00:00:00Z", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00+00:01",
          "2199-12-31T23:59:59-00:01", "2026-02-30T10:00:00Z"})
        CHECK_MESSAGE(!parse_zoned_time(wrong), wrong);
    for (const char* edge : {"1970-01-01T00:00:00.000000Z", "2199-12-31T23:59:59.999999Z"}) {
        REQUIRE_MESSAGE(parse_zoned_time(edge), edge);
        CHECK(format_time(*parse_zoned_time(edge)) == edge);
    }
    CHECK(parse_zoned_time("2016-12-31T23:59:60Z") == parse_zoned_time("2017-01-01T00:00:00Z"));
}

TEST_CASE("one thing, several things") {
    CHECK(counted(0, "command") == "0 commands");
    CHECK(counted(1, "command") == "1 command");
    CHECK(counted(12, "line") == "12 lines");
}
