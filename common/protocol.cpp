// SPDX-License-Identifier: BSD-3-Clause
#include "common/protocol.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "common/printable.hpp"

namespace exapulse {

namespace {

template <typename Enum>
std::optional<Enum> parse_name(std::string_view name, std::span<const std::string_view> names) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

/// ExaBGP's is a UUID of 36 characters.
constexpr std::size_t longest_uuid = 64;

constexpr std::string_view owner_name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@:-";

}  // namespace

bool is_owner_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_owner_name &&
           text.find_first_not_of(owner_name_characters) == std::string_view::npos;
}

std::string format_error(ErrorCode code, std::string_view what) {
    return fmt::format("{}{}: {}", error_prefix, name_of(code), printable(what));
}

std::optional<CodedError> parse_error(std::string_view line) {
    if (!line.starts_with(error_prefix)) return std::nullopt;
    line.remove_prefix(error_prefix.size());
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto code = parse_name<ErrorCode>(line.substr(0, colon), error_code_names);
    if (!code) return std::nullopt;
    return CodedError{*code, line.substr(colon + 2)};
}

std::optional<HealthState> parse_health_state(std::string_view name) {
    return parse_name<HealthState>(name, health_state_names);
}

std::optional<Role> parse_role(std::string_view name) {
    return parse_name<Role>(name, role_names);
}

std::optional<EventType> parse_event_type(std::string_view name) {
    return parse_name<EventType>(name, event_type_names);
}

std::optional<Cause> parse_cause(std::string_view name) {
    return parse_name<Cause>(name, cause_names);
}

std::optional<Dialect> parse_dialect(std::string_view name) {
    return parse_name<Dialect>(name, dialect_names);
}

bool is_uuid(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-';
    };
    return !text.empty() && text.size() <= longest_uuid &&
           std::all_of(text.begin(), text.end(), fits);
}

}  // namespace exapulse
