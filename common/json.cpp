// SPDX-License-Identifier: BSD-3-Clause
#include "common/json.hpp"

#include <nlohmann/json.hpp>

namespace exapulse {

namespace {

template <typename Json>
std::string text_of(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string json_text(const nlohmann::json& value) {
    return text_of(value);
}

std::string json_text(const nlohmann::ordered_json& value) {
    return text_of(value);
}

}  // namespace exapulse
