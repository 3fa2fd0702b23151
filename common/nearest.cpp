// SPDX-License-Identifier: BSD-3-Clause
#include "common/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace exapulse {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t best_distance = 0;
    for (const std::string_view name : known) {
        const std::size_t most = std::max<std::size_t>(2, name.size() / 3);
        if (typed.size() > name.size() + most) continue;  // bounds the cost of a long one
        const std::size_t distance = edit_distance(typed, name);
        if (distance > most) continue;
        if (!best.empty() && distance >= best_distance) continue;
        best = name;
        best_distance = distance;
    }
    return best;
}

}  // namespace exapulse
