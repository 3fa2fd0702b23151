// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/few_routes.hpp"

#include <utility>

namespace exapulse::client {

void FewRoutes::take(std::string_view peer, RibRoute route) {
    if (peer != peer_) {
        static_cast<void>(end());
        peer_ = peer;
        many_ = false;
    }
    if (many_) return on_many_(peer, std::move(route));
    held_.push_back(std::move(route));
    if (held_.size() <= few) return;
    many_ = true;
    for (RibRoute& one : std::exchange(held_, {})) on_many_(peer, std::move(one));
}

const std::map<std::string, std::vector<RibRoute>>& FewRoutes::end() {
    auto held = std::exchange(held_, {});
    if (!held.empty()) few_.insert({peer_, std::move(held)});
    return few_;
}

}  // namespace exapulse::client
