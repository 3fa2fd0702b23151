// SPDX-License-Identifier: BSD-3-Clause
// Tolerant access to fields of JSON objects.
#include "common/json_fields.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/printable.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::json;

const json* find(const json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> text_field(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return printable(value->get_ref<const std::string&>());
}

std::optional<std::int64_t> number_field(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr || !value->is_number_integer()) return std::nullopt;
    return value->get<std::int64_t>();
}

std::optional<bool> flag_field(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr || !value->is_boolean()) return std::nullopt;
    return value->get<bool>();
}

std::string number_or_dash(const json& object, const char* key) {
    const auto number = number_field(object, key);
    return number ? fmt::to_string(*number) : "-";
}

std::optional<double> real_field(const json& object, const char* key) {
    const json* value = find(object, key);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return value->get<double>();
}

std::optional<std::chrono::system_clock::time_point> time_field(const json& object,
                                                                const char* key) {
    const auto text = text_field(object, key);
    return text ? parse_time(*text) : std::nullopt;
}

std::optional<HealthState> health_field(const json& object) {
    const auto name = text_field(object, "state");
    return name ? parse_health_state(*name) : std::nullopt;
}

json object_field(const json& object, const char* key) {
    const json* value = find(object, key);
    return value != nullptr && value->is_object() ? *value : json::object();
}

}  // namespace exapulse
