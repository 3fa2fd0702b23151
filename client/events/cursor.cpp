// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/cursor.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/json_fields.hpp"
#include "common/protocol.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

/// It becomes a word of a request.
bool is_word(std::string_view text) {
    return is_uuid(text);
}

}  // namespace

std::optional<StreamPlace> place_of(const json& event) {
    const auto boot = text_field(event, "boot");
    const auto seq = number_field(event, "seq");
    const auto time = time_field(event, "time");
    if (!boot || !is_word(*boot) || !seq || *seq < 0 || !time) return std::nullopt;
    return StreamPlace{*boot, static_cast<std::uint64_t>(*seq), *time};
}

std::string cursor_text(const Cursor& cursor) {
    nlohmann::ordered_json line{{"uuid", cursor.uuid.empty()
                                             ? nlohmann::ordered_json(nullptr)
                                             : nlohmann::ordered_json(cursor.uuid)}};
    if (const auto& place = cursor.place) {
        line["boot"] = place->boot;
        line["seq"] = place->seq;
        line["time"] = format_time(place->time);
    }
    return json_text(line) + "\n";
}

std::optional<Cursor> parse_cursor(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (is_uuid(text)) return Cursor{std::string(text), {}};
    const auto line = json::parse(text, nullptr, false);
    if (!line.is_object() || !line.contains("uuid")) return std::nullopt;
    const std::string uuid = text_field(line, "uuid").value_or("");
    if (!uuid.empty() && !is_uuid(uuid)) return std::nullopt;
    return Cursor{uuid, place_of(line)};
}

}  // namespace exapulse::client
