// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/past_commands.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/ip_address.hpp"
#include "common/json.hpp"
#include "common/units.hpp"
#include "daemon/clients/past_time.hpp"
#include "daemon/system/clock.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

struct StoreAnswer {
    std::optional<WallTime> kept_since;
    CommandPage page;
};

std::string commands_header(const std::optional<WallTime>& kept_since, bool recording) {
    const ordered_json line{
        {"now", format_time(now().wall)},
        {"kept_since", kept_since ? ordered_json(format_time(*kept_since)) : ordered_json(nullptr)},
        {"recording", recording}};
    return json_text(line) + "\n";
}

}  // namespace

std::optional<CommandQuery> command_query_in(Words words, WallTime now, std::string& problem) {
    CommandQuery query;
    for (; !words.empty(); words = words.subspan(2)) {
        const std::string_view name = words[0];
        const std::string_view value = words.size() > 1 ? words[1] : std::string_view();
        if (name == "since" && !query.since) query.since = past_time(value, now);
        const bool given = (name == "since" && query.since) || (name == "user" && !value.empty()) ||
                           (name == "peer" && is_address(value));
        if (!given) {
            problem = fmt::format(
                "'{:.60}': after `sidecar commands` come `since` and a time, such as 24h or "
                "2026-11-26T10:00:00Z, `user` and a name or uid, `peer` and an address",
                name);
            return std::nullopt;
        }
        if (name == "user") query.user = value;
        if (name == "peer") query.peer = value;
    }
    return query;
}

PagedAnswers::Fetch past_commands(StoreThread& store, CommandQuery query, bool recording) {
    return [&store, query = std::move(query), recording, begun = false,
            after = std::make_shared<std::uint64_t>(0)](std::size_t bytes,
                                                        PagedAnswers::Take take) mutable {
        const bool first = !std::exchange(begun, true);
        store.ask<StoreAnswer>(
            [query, after = *after, bytes](EventStore& events) {
                return StoreAnswer{events.commands_since(),
                                   events.read_commands(query, after, bytes)};
            },
            [after, first, recording, take = std::move(take)](const StoreAnswer& answer) {
                *after = answer.page.last;
                take({(first ? commands_header(answer.kept_since, recording) : std::string()) +
                          answer.page.lines,
                      answer.page.end,
                      {}});
            });
    };
}

}  // namespace exapulse
