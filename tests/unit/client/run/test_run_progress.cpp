// SPDX-License-Identifier: BSD-3-Clause
// The line that tells how far a batch is.
#include <doctest/doctest.h>

#include "client/run/run_progress.hpp"

namespace exapulse::client {

TEST_CASE("progress: done, failed, rate and time left") {
    using std::chrono::seconds;
    CHECK(progress_text(1'200, 3, seconds(2), 0.25) == "1200 done, 3 failed, 602/s, 6.0s left");
    CHECK(progress_text(100, 0, seconds(1), 1.0) == "100 done, 0 failed, 100/s, 0ms left");
    CHECK(progress_text(100, 0, seconds(1), std::nullopt) == "100 done, 0 failed, 100/s");
    CHECK(progress_text(0, 0, seconds(0), 0.0) == "0 done, 0 failed, 0/s");
}

}  // namespace exapulse::client
