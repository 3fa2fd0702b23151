// SPDX-License-Identifier: BSD-3-Clause
// RouteAttribute: an attribute of a route, as a command or ExaBGP writes it. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace exapulse {

/// `community [ 65000:1 65000:2 ]` has two values.
struct RouteAttribute {
    std::string_view name;
    std::vector<std::string_view> values;  ///< without the brackets, or parentheses, around them
    /// There are brackets or parentheses inside the outermost ones, and among the values.
    bool nested = false;
};

/// Whether it is the name of an attribute, which one value or a list follows.
[[nodiscard]] bool is_attribute(std::string_view word);

/// Whether it is an attribute without a value, or says something of the command itself.
[[nodiscard]] bool is_bare_attribute(std::string_view word);

/// Takes the value or the list of the attribute `name` from the start of `words`.
[[nodiscard]] RouteAttribute take_attribute(std::string_view name,
                                            std::span<const std::string_view>& words);

}  // namespace exapulse
