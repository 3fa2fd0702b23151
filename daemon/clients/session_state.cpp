// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_state.hpp"

#include <cassert>

namespace exapulse {

namespace {

constexpr std::string_view to_all_peers = "peer * group ";
constexpr std::string_view between = " ; ";

}  // namespace

std::size_t RouteGroup::size_with(std::size_t bytes) const {
    return empty() ? to_all_peers.size() + bytes : line_.size() + between.size() + bytes;
}

void RouteGroup::add(std::string_view line) {
    assert(!line.empty() && line.find(';') == std::string_view::npos);
    line_ += empty() ? to_all_peers : between;
    line_ += line;
}

}  // namespace exapulse
