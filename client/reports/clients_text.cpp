// SPDX-License-Identifier: BSD-3-Clause
// The table of `exapulse clients`.
#include "client/reports/clients_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/table.hpp"
#include "client/view/time_text.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

std::string user_of(const json& client) {
    return text_field(client, "user").value_or(number_or_dash(client, "uid"));
}

std::string process_of(const json& client) {
    const auto pid = number_field(client, "pid");
    return fmt::format("{} ({})", text_field(client, "process").value_or("?"),
                       pid ? fmt::to_string(*pid) : "another PID namespace");
}

std::string subscribed_of(const json& client) {
    const bool yes = flag_field(client, "subscribed").value_or(false);
    const auto dropped = number_field(client, "dropped").value_or(0);
    if (!yes) return "no";
    return dropped == 0 ? "yes" : fmt::format("yes, {} lost", dropped);
}

}  // namespace

std::string clients_text(const json& clients, const Style& style,
                         std::chrono::system_clock::time_point now) {
    Table table({"ID", "User", "Process", "Since", "Commands", "Waiting", "Subscribed", "Backlog"});
    for (const json& client : clients) {
        if (!client.is_object()) continue;
        table.add({number_or_dash(client, "id"), user_of(client), process_of(client),
                   since_text(time_field(client, "since"), now), number_or_dash(client, "commands"),
                   number_or_dash(client, "pending"), subscribed_of(client),
                   number_or_dash(client, "backlog")});
    }
    const std::string count =
        fmt::format("{}, this one included", counted(clients.size(), "client"));
    return table.text(style) + "\n" + style.paint(Colour::Dim, count);
}

}  // namespace exapulse::client
