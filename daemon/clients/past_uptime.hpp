// SPDX-License-Identifier: BSD-3-Clause
// The answer to `sidecar uptime`, a page at a time.
#pragma once

#include "daemon/clients/paged_answers.hpp"
#include "daemon/store/store_thread.hpp"

namespace exapulse {

/// A line that says since when, then one for each peer. `store` outlives the answer.
[[nodiscard]] PagedAnswers::Fetch past_uptime(StoreThread& store, UptimeQuestion question);

}  // namespace exapulse
