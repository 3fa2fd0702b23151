// SPDX-License-Identifier: BSD-3-Clause
// percentage(): an availability as people read it. Pure.
#pragma once

#include <string>

namespace exapulse::client {

/// "99.950", of 0 to 100; never "100.000" when something was lost.
[[nodiscard]] std::string percentage(double availability);

}  // namespace exapulse::client
