// SPDX-License-Identifier: BSD-3-Clause
// route_pages(): the answer to `sidecar routes`, a page at a time.
#pragma once

#include "daemon/clients/paged_answers.hpp"
#include "daemon/routes/ledger.hpp"

namespace exapulse {

/// One line of JSON for each route, in the order of announcement. `ledger` outlives it; routes that
/// are announced meanwhile are among them.
[[nodiscard]] PagedAnswers::Fetch route_pages(const Ledger& ledger, const Leases& leases);

}  // namespace exapulse
