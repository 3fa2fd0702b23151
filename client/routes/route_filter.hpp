// SPDX-License-Identifier: BSD-3-Clause
// RouteFilter: which lines of `sidecar routes` a command is about. Pure.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace exapulse::client {

struct RouteFilter {
    std::optional<std::string> prefix{};  ///< only routes whose text contains it
    std::optional<std::string> owner{};   ///< a user, a uid, or the name that the client gave
    std::optional<std::string> peer{};    ///< only what goes to it
    bool kept = false;
    bool remembered = false;  ///< only what was not kept and is lost

    /// Whether it leaves anything out.
    [[nodiscard]] bool any() const { return prefix || owner || peer || kept || remembered; }
    [[nodiscard]] bool fits(const nlohmann::json& route) const;
};

/// ExaBGP has carried out its command, and has not restarted since.
[[nodiscard]] bool is_certain(const nlohmann::json& route);

/// Such as "alice (dns)"; the uid where the user has no name.
[[nodiscard]] std::string owner_text(const nlohmann::json& route);

}  // namespace exapulse::client
