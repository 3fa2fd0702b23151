// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/route_repair.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/exchange/question.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"

namespace exapulse::client {

namespace {

/// In one line to exapulsed, whose length is limited.
constexpr std::size_t most_in_line = 500;

void repair_some(const Endpoint& endpoint, std::span<const std::uint64_t> numbers,
                 Repaired& repaired) {
    const Reply reply = ask(endpoint, fmt::format("sidecar replay {}", fmt::join(numbers, " ")));
    if (const auto failed = failure_of(reply, endpoint))
        repaired.worst = worse(repaired.worst, *failed);
    if (reply.lines.empty()) return;
    const auto result = parsed(reply.lines.front());
    repaired.done += static_cast<std::size_t>(number_field(result, "done").value_or(0));
    const auto reasons = result.find("reasons");
    if (reasons == result.end() || !reasons->is_array()) return;
    for (const auto& reason : *reasons)
        if (reason.is_string()) complain(reason.get<std::string>());
}

}  // namespace

Repaired repair_routes(const Endpoint& endpoint, std::span<const std::uint64_t> numbers) {
    Repaired repaired;
    while (!numbers.empty()) {
        const auto some = numbers.first(std::min(numbers.size(), most_in_line));
        repair_some(endpoint, some, repaired);
        if (repaired.worst != ExitCode::Done && repaired.worst != ExitCode::ExabgpError) break;
        numbers = numbers.subspan(some.size());
    }
    return repaired;
}

}  // namespace exapulse::client
