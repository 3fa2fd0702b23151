// SPDX-License-Identifier: BSD-3-Clause
// Utc: from here on the process shows times in UTC. A fixture.
#pragma once

#include <cstdlib>
#include <ctime>

namespace exapulse::test {

struct Utc {
    Utc() {
        setenv("TZ", "UTC", 1);
        tzset();
    }
};

}  // namespace exapulse::test
