// SPDX-License-Identifier: BSD-3-Clause
// FewRoutes: holds back the routes of peers that have only a few. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/routes/rib_route.hpp"

namespace exapulse::client {

/// ExaBGP 6 shows attributes only in one line for all routes of a peer, of which 200 kB arrive, or
/// less where exapulsed has other work. So many routes are in it for certain.
class FewRoutes {
  public:
    static constexpr std::size_t few = 64;

    /// `on_many` gets the routes of the other peers.
    explicit FewRoutes(const OnRibRoute& on_many) : on_many_(on_many) {}

    /// The routes of one peer follow each other.
    void take(std::string_view peer, RibRoute route);
    /// The peers with few routes.
    [[nodiscard]] const std::map<std::string, std::vector<RibRoute>>& end();

  private:
    const OnRibRoute& on_many_;
    std::string peer_;  // at hand
    bool many_ = false;
    std::vector<RibRoute> held_;
    std::map<std::string, std::vector<RibRoute>> few_;
};

}  // namespace exapulse::client
