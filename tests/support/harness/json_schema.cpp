// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/json_schema.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse::test {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

bool has_type(const json& value, const std::string& type) {
    if (type == "null") return value.is_null();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    throw std::invalid_argument("a type that JSON has not: " + type);
}

bool has_one_type(const json& value, const json& types) {
    if (types.is_string()) return has_type(value, types);
    return std::any_of(types.begin(), types.end(),
                       [&](const json& type) { return has_type(value, type); });
}

}  // namespace

JsonSchema::JsonSchema(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("can't read " + file);
    root_ = json::parse(stream);
    if (root_.at("$schema") != "http://json-schema.org/draft-07/schema#")
        throw std::invalid_argument(file + " is not of draft 7");
}

Problems JsonSchema::problems(const json& value) const {
    Problems found;
    check(root_, value, "", found);
    return found;
}

void JsonSchema::check(const json& schema, const json& value, const std::string& where,
                       Problems& problems) const {
    for (const auto& [keyword, rule] : schema.items()) {
        bool fits = true;
        if (keyword == "type") {
            fits = has_one_type(value, rule);
        } else if (keyword == "enum") {
            fits = std::find(rule.begin(), rule.end(), value) != rule.end();
        } else if (keyword == "minimum") {
            fits = !value.is_number() || value >= rule;
        } else if (keyword == "maximum") {
            fits = !value.is_number() || value <= rule;
        } else if (keyword == "format") {
            if (rule != "date-time") throw std::invalid_argument("format " + rule.dump());
            fits = !value.is_string() || parse_time(value.get<std::string>()).has_value();
        } else if (keyword == "items") {
            for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
                check(rule, value[i], fmt::format("{}[{}]", where, i), problems);
        } else if (keyword == "$ref") {
            const std::string start = "#/definitions/", name = rule.get<std::string>();
            check(root_.at("definitions").at(name.substr(start.size())), value, where, problems);
        } else if (keyword == "oneOf") {
            fits = std::count_if(rule.begin(), rule.end(), [&](const json& one) {
                       Problems here;
                       check(one, value, where, here);
                       return here.empty();
                   }) == 1;
        } else if (keyword != "properties" && keyword != "required" &&
                   keyword != "additionalProperties" && keyword != "$schema" &&
                   keyword != "title" && keyword != "description" && keyword != "definitions") {
            throw std::invalid_argument("a keyword that is not checked: " + keyword);
        }
        if (!fits) problems.push_back(fmt::format("{}: {} of {}", where, keyword, value.dump()));
    }
    if (schema.contains("properties") || schema.contains("additionalProperties"))
        check_object(schema, value, where, problems);
}

void JsonSchema::check_object(const json& schema, const json& value, const std::string& where,
                              Problems& problems) const {
    if (!value.is_object()) return;  // "type" has its say
    for (const json& name : schema.value("required", json::array()))
        if (!value.contains(name))
            problems.push_back(fmt::format("{}: lacks {}", where, name.dump()));
    const json known = schema.value("properties", json::object());
    for (const auto& [name, field] : value.items()) {
        const std::string path = where + "." + name;
        if (known.contains(name))
            check(known.at(name), field, path, problems);
        else if (schema.contains("additionalProperties"))
            check(schema.at("additionalProperties"), field, path, problems);
        else
            problems.push_back(path + ": is not in the schema");
    }
}

}  // namespace exapulse::test
