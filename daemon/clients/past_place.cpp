// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/past_place.hpp"

#include <cstdint>
#include <string>

#include "common/number.hpp"
#include "daemon/clients/past_time.hpp"

namespace exapulse {

std::optional<PastPlace> place_in(Words words, WallTime now, Words& rest) {
    if (words.empty()) return std::nullopt;
    if (const auto time = past_time(words[0], now)) {
        rest = words.subspan(1);
        return *time;
    }
    if (words.size() < 2) return std::nullopt;
    const auto seq = number_in<std::int64_t>(words[1]);  // SQLite has no larger ones
    if (!seq || *seq < 0) return std::nullopt;
    rest = words.subspan(2);
    return EventPosition{std::string(words[0]), static_cast<std::uint64_t>(*seq)};
}

}  // namespace exapulse
