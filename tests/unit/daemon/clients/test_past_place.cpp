// SPDX-License-Identifier: BSD-3-Clause
// The place that a client names after `since`.
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "common/units.hpp"
#include "common/words.hpp"
#include "daemon/clients/past_place.hpp"

using namespace exapulse;

namespace {

const WallTime asked_at = *parse_time("2026-11-27T08:00:00.000000Z");

struct PlaceRead {
    std::optional<PastPlace> place{};
    std::size_t words_left = 0;
};
PlaceRead read_place(std::string_view text) {
    const auto all = words(text);
    Words rest;
    auto place = place_in(all, asked_at, rest);
    return {std::move(place), rest.size()};
}

}  // namespace

TEST_SUITE("past place") {
    TEST_CASE("a time, or the boot and the number of an event") {
        CHECK(read_place("24h").place == PastPlace(asked_at - std::chrono::hours(24)));
        CHECK(read_place("2026-11-27T09:00:00+01:00").place == PastPlace(asked_at));
        CHECK(read_place("b-1 7").place == PastPlace(EventPosition{"b-1", 7}));
        CHECK(read_place("b-1 0").place == PastPlace(EventPosition{"b-1", 0}));
        CHECK(read_place("24h").words_left == 0);
        CHECK(read_place("24h failed").words_left == 1);
        CHECK(read_place("b-1 7 failed recovered").words_left == 2);
    }

    TEST_CASE("neither") {
        for (const char* text :
             {"", "b-1", "b-1 x", "b-1 -1", "b-1 7x", "b-1 18446744073709551616"})
            CHECK_MESSAGE(!read_place(text).place, text);
    }

    TEST_CASE("a number that SQLite would take for a negative one is none") {
        CHECK(read_place("b-1 9223372036854775807").place ==
              PastPlace(EventPosition{"b-1", INT64_MAX}));
        CHECK_FALSE(read_place("b-1 9223372036854775808").place);
        CHECK_FALSE(read_place("b-1 18446744073709551615").place);
    }
}
