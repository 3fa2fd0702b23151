// SPDX-License-Identifier: BSD-3-Clause
// RoutesTable: lines of `sidecar routes` as people read them. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "client/view/table.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

class RoutesTable {
  public:
    using Time = std::chrono::system_clock::time_point;

    void add(const nlohmann::json& route, Time now);
    /// With a line that counts them; no LF at the end.
    [[nodiscard]] std::string text(const Style& style) const;

  private:
    Table table_{{"Route", "Peers", "Owner", "Since", "Kept", "Lease", "Command"}};
    std::size_t routes_ = 0;
    std::size_t kept_ = 0;
    std::size_t lost_ = 0;
    std::size_t uncertain_ = 0;
};

}  // namespace exapulse::client
