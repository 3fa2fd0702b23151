// SPDX-License-Identifier: BSD-3-Clause
// ComparableAttributes: those attributes of a route that two texts can be compared by. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/route_text.hpp"

namespace exapulse::client {

struct ComparableAttribute {
    std::string name;
    std::string value;    // equal for all spellings that are known to mean the same
    bool certain = true;  // any other value means something else
    friend bool operator==(const ComparableAttribute&, const ComparableAttribute&) = default;
};

/// Sorted by name, each name once.
using ComparableAttributes = std::vector<ComparableAttribute>;

/// The next hop, origin, AS path, MED, local preference and communities among `written`; what else
/// there is has more spellings than are known here. `next-hop self` is not among them: which
/// address that is only ExaBGP knows.
[[nodiscard]] ComparableAttributes comparable(std::span<const RouteAttribute> written);

struct AttributeDifference {
    std::string name, wanted, found;  // `found` is empty if it is not there
};
struct AttributeComparison {
    std::vector<AttributeDifference> differences{};
    bool unsure = false;  // something differs in text, and may be the same
};

/// Whether `found` has what is `wanted`; what it has beside that does not count. ExaBGP adds
/// extended communities of its own, so more of them than wanted are no difference.
[[nodiscard]] AttributeComparison compare(const ComparableAttributes& wanted,
                                          const ComparableAttributes& found);

}  // namespace exapulse::client
