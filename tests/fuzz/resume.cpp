// SPDX-License-Identifier: BSD-3-Clause
// Where a subscription goes on: the place that a client names, and the file of `watch --cursor`.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/events/cursor.hpp"
#include "client/events/resumption.hpp"
#include "common/json_fields.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"
#include "common/words.hpp"
#include "daemon/clients/past_place.hpp"
#include "daemon/clients/past_time.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

namespace {

const WallTime now = *parse_time("2026-11-27T08:00:00.123456Z");

std::optional<PastPlace> place_named(std::string_view text) {
    Words rest;
    return place_in(words(text), now, rest);
}

/// What a client names after `since`.
void place_of_line(std::string_view line) {
    const auto all = words(line);
    Words rest;
    const auto place = place_in(all, now, rest);
    if (!place) return;
    require(rest.data() + rest.size() == all.data() + all.size() && rest.size() < all.size(),
            "what follows a place are the last words");
    if (const auto* time = std::get_if<WallTime>(&*place)) {
        require(rest.size() + 1 == all.size(), "a time is one word");
        require(place_named(format_time(*time)) == place, "a time is read again as it is shown");
        return;
    }
    const auto& position = std::get<EventPosition>(*place);
    require(rest.size() + 2 == all.size(), "an event is two words");
    require(position.boot == all[0], "the boot is the first");
    require(static_cast<std::int64_t>(position.seq) >= 0, "SQLite can compare the number");
    require(place_named(position.boot + " " + std::to_string(position.seq)) == place,
            "an event is read again as it is written");
}

/// What a client with that place asks for is what exapulsed reads.
void resumes(const client::StreamPlace& place) {
    client::Resumption resumption(place);
    const std::string by_event = resumption.since();
    require(by_event.starts_with("since ") && by_event.find('\n') == by_event.npos,
            "a place is part of a line");
    // A boot is a UUID, and never a time; a file may have anything.
    if (!past_time(place.boot, now))
        require(place_named(by_event.substr(6)) == PastPlace(EventPosition{place.boot, place.seq}),
                "exapulsed reads the event that the client means");
    require(resumption.on_unknown_place(), "there is another way");
    require(place_named(resumption.since().substr(6)) == PastPlace(place.time),
            "exapulsed reads the time that the client means");
}

void cursor_of_file(std::string_view text) {
    const auto cursor = client::parse_cursor(text);
    if (!cursor) return;
    require(cursor->uuid.empty() || is_uuid(cursor->uuid), "what is known is a UUID");
    const std::string written = client::cursor_text(*cursor);
    require(written.find('\n') == written.size() - 1, "a cursor is one line");
    require(client::parse_cursor(written) == cursor, "what is written is read");
    if (cursor->place) resumes(*cursor->place);
}

/// An event as exapulsed, or what answers in its place, sends it.
void event_of_stream(std::string_view text) {
    const auto event = nlohmann::json::parse(text, nullptr, false);
    const auto place = client::place_of(event);
    client::Resumption resumption(client::StreamPlace{"b", 7, now});
    require(resumption.on_unknown_place(), "there is another way");
    const auto gap = resumption.on_event(event);
    require(!gap || text_field(*gap, "type") == name_of(EventType::Gap),
            "what is missing is a gap");
    require(resumption.place() == (place ? place : client::StreamPlace{"b", 7, now}),
            "an event without a place changes none");
    if (gap && place) {
        const auto before = client::place_of(*gap);
        require(before && before->boot == place->boot && before->seq <= place->seq,
                "the gap is before the event");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    cursor_of_file(text);
    event_of_stream(text);
    if (text.find('\n') == text.npos) place_of_line(text);
    return 0;
}
