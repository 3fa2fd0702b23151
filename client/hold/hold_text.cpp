// SPDX-License-Identifier: BSD-3-Clause
#include "client/hold/hold_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

std::string_view name_of(HoldGoal goal) {
    return goal == HoldGoal::Up ? "up" : goal == HoldGoal::Down ? "down" : "ended";
}

}  // namespace

std::string hold_text(const HoldNotice& notice, const std::string& reason) {
    std::string text;
    if (notice.routes > 0)
        text = fmt::format("announced {}{}{}", counted(notice.routes, "route"),
                           notice.goal == HoldGoal::Down ? " of --down" : "",
                           notice.again ? " again" : "");
    else if (notice.before > 0)
        text = "withdrawn";
    else if (notice.goal == HoldGoal::Ended)
        return {};
    else
        text = "not announced";
    return reason.empty() ? text : fmt::format("{}: {}", text, reason);
}

std::string hold_json(const HoldNotice& notice, const std::string& reason,
                      std::chrono::system_clock::time_point now) {
    nlohmann::ordered_json line;
    line["time"] = format_time(now);
    line["type"] = notice.routes > 0 ? "announced" : "withdrawn";
    line["state"] = name_of(notice.goal);
    line["routes"] = notice.routes;
    line["again"] = notice.again;
    line["reason"] =
        reason.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(reason);
    return json_text(line);
}

std::vector<std::string> hold_environment(HoldGoal goal, const std::string& reason,
                                          const std::string& socket) {
    return {fmt::format("EXAPULSE_HOLD_STATE={}", goal == HoldGoal::Up ? "up" : "down"),
            "EXAPULSE_HOLD_REASON=" + reason, "EXAPULSE_SOCKET=" + socket};
}

}  // namespace exapulse::client
