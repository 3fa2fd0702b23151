// SPDX-License-Identifier: BSD-3-Clause
// json_string(): a text as a JSON string, including the quotes. Pure.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace exapulse::test {

[[nodiscard]] inline std::string json_string(std::string_view text) {
    return nlohmann::json(std::string(text)).dump();
}

}  // namespace exapulse::test
