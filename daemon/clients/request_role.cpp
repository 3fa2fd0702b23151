// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/request_role.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/clients/sidecar_verbs.hpp"

namespace exapulse {

namespace {

const SidecarVerbs::Row* own_verb(const Request& request) {
    return request.rule().treatment == Treatment::Sidecar ? SidecarVerbs::find(request.words())
                                                          : nullptr;
}

}  // namespace

Role role_for(const Request& request) {
    const auto* row = own_verb(request);
    return row == nullptr ? request.rule().role : row->role;
}

std::string verb_in(const Request& request) {
    if (const auto* row = own_verb(request)) return fmt::format("sidecar {}", row->verb);
    if (!request.rule().verb.text().empty()) return request.rule().verb.for_people();
    const Words words = request.words();
    const auto first = words.first(std::min<std::size_t>(words.size(), 2));
    return fmt::format("{:.40}", fmt::format("{}", fmt::join(first, " ")));
}

}  // namespace exapulse
