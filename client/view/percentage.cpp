// SPDX-License-Identifier: BSD-3-Clause
#include "client/view/percentage.hpp"

#include <fmt/format.h>

namespace exapulse::client {

std::string percentage(double availability) {
    std::string text = fmt::format("{:.3f}", availability);
    return availability < 100 && text == "100.000" ? "99.999" : text;
}

}  // namespace exapulse::client
