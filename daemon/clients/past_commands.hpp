// SPDX-License-Identifier: BSD-3-Clause
// The answer to `sidecar commands`, a page at a time.
#pragma once

#include <optional>
#include <string>

#include "daemon/clients/paged_answers.hpp"
#include "daemon/exabgp/verb.hpp"
#include "daemon/store/store_thread.hpp"

namespace exapulse {

/// "since 24h user alice peer 192.0.2.1", each at most once; nullopt: `problem` says why not.
[[nodiscard]] std::optional<CommandQuery> command_query_in(Words words, WallTime now,
                                                           std::string& problem);

/// A line that says from when on records are kept and whether they are `recording`, then the
/// records. `store` outlives the answer.
[[nodiscard]] PagedAnswers::Fetch past_commands(StoreThread& store, CommandQuery query,
                                                bool recording);

}  // namespace exapulse
