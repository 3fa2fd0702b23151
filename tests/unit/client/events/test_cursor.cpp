// SPDX-License-Identifier: BSD-3-Clause
// The cursor of a watch: its text, and where a subscription goes on.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/events/cursor.hpp"
#include "client/events/resumption.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

constexpr const char* ten = "2026-11-01T10:00:00.000000Z";

json event(const std::string& type, int seq, const std::string& boot = "b-1") {
    return {{"type", type}, {"seq", seq},    {"boot", boot},
            {"time", ten},  {"state", "up"}, {"uuid", "u"}};
}

}  // namespace

TEST_SUITE("client cursor") {
    TEST_CASE("what is written is read") {
        const StreamPlace place{"b-1", 7, *parse_time(ten)};
        for (const Cursor& cursor :
             {Cursor{"u-1", place}, Cursor{"", place}, Cursor{"u-1", {}}, Cursor{}}) {
            CAPTURE(cursor_text(cursor));
            CHECK(parse_cursor(cursor_text(cursor)) == cursor);
        }
        CHECK(cursor_text({"u-1", place}) ==
              "{\"uuid\":\"u-1\",\"boot\":\"b-1\",\"seq\":7,"
              "\"time\":\"2026-11-01T10:00:00.000000Z\"}\n");
    }

    TEST_CASE("one of an older watch is a UUID alone") {
        CHECK(parse_cursor("u-1\n") == Cursor{"u-1", {}});
        CHECK(parse_cursor("u-1") == Cursor{"u-1", {}});
    }

    TEST_CASE("what is no cursor, and what has no place that may be sent") {
        for (const char* text : {"", "\n", "not a UUID", "u-1\n\n", "{}", "[]",
                                 "{\"uuid\":", "{\"uuid\":\"a b\"}", "\xff"})
            CHECK_FALSE(parse_cursor(text));
        for (const char* place : {R"("boot":"b 1","seq":7)", R"("boot":"b-1","seq":-7)",
                                  R"("seq":7)", R"("boot":"b-1")"}) {
            const auto cursor =
                parse_cursor(std::string(R"({"uuid":"u-1","time":")") + ten + "\"," + place + "}");
            REQUIRE(cursor);
            CHECK(cursor->uuid == "u-1");
            CHECK_FALSE(cursor->place);
        }
    }
}

TEST_SUITE("client resumption") {
    TEST_CASE("the first subscription begins now, the next one behind the newest event") {
        Resumption resumption;
        CHECK(resumption.since().empty());
        CHECK_FALSE(resumption.on_unknown_place());
        CHECK_FALSE(resumption.on_event(event("state", 3)));
        CHECK(resumption.since() == "since b-1 3");
        CHECK_FALSE(resumption.on_event(event("failed", 4)));
        CHECK_FALSE(resumption.on_event({{"type", "failed"}}));  // of an unknown place
        CHECK(resumption.since() == "since b-1 4");
    }

    TEST_CASE("with a place the first one begins there") {
        CHECK(Resumption(place_of(event("failed", 9))).since() == "since b-1 9");
    }

    TEST_CASE("where its run is not known it goes on by time, and a gap is shown") {
        Resumption resumption(place_of(event("failed", 9)));
        CHECK(resumption.on_unknown_place());
        CHECK(resumption.since() == std::string("since ") + ten);
        CHECK_FALSE(resumption.on_unknown_place());  // no third way
        SUBCASE("by exapulsed") {
            CHECK_FALSE(resumption.on_event(event("gap", 4, "b-2")));
        }
        SUBCASE("before an event") {
            const auto gap = resumption.on_event(event("failed", 5, "b-2"));
            REQUIRE(gap);
            json expected = event("gap", 4, "b-2");
            expected["dropped"] = nullptr;
            CHECK(*gap == expected);
        }
        SUBCASE("before the snapshot") {
            const auto gap = resumption.on_event(event("state", 5, "b-2"));
            REQUIRE(gap);
            CHECK(gap->at("seq") == 5);
        }
        CHECK(resumption.since().starts_with("since b-2 "));
        CHECK_FALSE(resumption.on_event(event("recovered", 6, "b-2")));
    }
}

}  // namespace exapulse::client
