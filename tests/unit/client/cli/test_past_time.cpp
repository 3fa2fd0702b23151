// SPDX-License-Identifier: BSD-3-Clause
// parse_past_time(): dates and times of --since.
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "client/cli/past_time.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

/// The time zone of this process, put back at the end.
class Zone {
  public:
    explicit Zone(const char* name) {
        if (const char* before = std::getenv("TZ")) before_ = before;
        set(name);
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;
    ~Zone() { set(before_ ? before_->c_str() : nullptr); }

  private:
    static void set(const char* name) {
        if (name != nullptr)
            setenv("TZ", name, 1);
        else
            unsetenv("TZ");
        tzset();
    }

    std::optional<std::string> before_;
};

/// In UTC; empty: refused.
std::string read(const std::string& text) {
    const auto now = parse_zoned_time("2026-11-26T12:00:00Z");
    const auto time = parse_past_time(text, *now);
    return time ? format_time(*time).substr(0, 19) : "";
}

}  // namespace

TEST_SUITE("client past time") {
    TEST_CASE("dates and times are local, unless they name their zone") {
        const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
        CHECK(read("2026-11-26") == "2026-11-25T23:00:00");
        CHECK(read("2026-11-26 10:00") == "2026-11-26T09:00:00");
        CHECK(read("2026-11-26T10:00:30") == "2026-11-26T09:00:30");
        CHECK(read("2026-07-01 10:00") == "2026-07-01T08:00:00");  // summer
        CHECK(read("2026-11-26T10:00:00Z") == "2026-11-26T10:00:00");
        CHECK(read("2026-11-26T10:00:00+05:00") == "2026-11-26T05:00:00");
    }

    TEST_CASE("a time of day is the last one: today's, or yesterday's") {
        const Zone zone("CET-1");
        CHECK(read("10:00") == "2026-11-26T09:00:00");
        CHECK(read("12:59:59") == "2026-11-26T11:59:59");
        CHECK(read("23:00") == "2026-11-25T22:00:00");
        const auto first = parse_zoned_time("2026-03-01T05:00:00Z");
        CHECK(format_time(*parse_past_time("09:00", *first)).starts_with("2026-02-28T08:00"));
    }

    TEST_CASE("anything else is refused") {
        for (const char* wrong : {"", "yesterday", "2026-11", "2026-02-30", "2026-13-01",
                                  "2999-01-01", "1969-12-31", "26.11.2026", "10", "25:00", "10:60",
                                  "10:00 ", "2026-11-26 10", "2026-11-26 10:00Z", "10:00Z"})
            CHECK_MESSAGE(read(wrong).empty(), wrong);
    }
}

}  // namespace exapulse::client
