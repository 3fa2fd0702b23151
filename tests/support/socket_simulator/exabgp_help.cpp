// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/socket_simulator/exabgp_help.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace exapulse::test {

namespace {

struct Entry {
    std::string_view command;
    bool takes_peers = false;
    std::string_view options = {};
};

constexpr std::array entries{
    Entry{"#"},
    Entry{"daemon reload"},
    Entry{"daemon restart"},
    Entry{"daemon shutdown"},
    Entry{"daemon status"},
    Entry{"group end"},
    Entry{"group start"},
    Entry{"peer announce attribute", true},
    Entry{"peer announce attributes", true},
    Entry{"peer announce eor", true},
    Entry{"peer announce flow", true},
    Entry{"peer announce ipv4", true},
    Entry{"peer announce ipv6", true},
    Entry{"peer announce operational", true},
    Entry{"peer announce route", true},
    Entry{"peer announce route-refresh", true},
    Entry{"peer announce vpls", true},
    Entry{"peer announce watchdog", true},
    Entry{"peer create"},
    Entry{"peer delete"},
    Entry{"peer group", true},
    Entry{"peer list"},
    Entry{"peer show", false, "summary|extensive|configuration"},
    Entry{"peer teardown", true},
    Entry{"peer withdraw attribute", true},
    Entry{"peer withdraw attributes", true},
    Entry{"peer withdraw flow", true},
    Entry{"peer withdraw ipv4", true},
    Entry{"peer withdraw ipv6", true},
    Entry{"peer withdraw route", true},
    Entry{"peer withdraw vpls", true},
    Entry{"peer withdraw watchdog", true},
    Entry{"rib clear in", true},
    Entry{"rib clear out", true},
    Entry{"rib flush out", true},
    Entry{"rib show in", false, "extensive"},
    Entry{"rib show out", false, "extensive"},
    Entry{"session ack disable"},
    Entry{"session ack enable"},
    Entry{"session ack silence"},
    Entry{"session bye"},
    Entry{"session ping"},
    Entry{"session reset"},
    Entry{"session sync disable"},
    Entry{"session sync enable"},
    Entry{"system api version", false, "4|6"},
    Entry{"system crash", true},
    Entry{"system help"},
    Entry{"system queue-status"},
    Entry{"system version"},
};

std::string options_between(std::string_view options, std::string_view glue) {
    std::string result;
    for (const char c : options) c == '|' ? result.append(glue) : result.append(1, c);
    return result;
}

}  // namespace

std::string exabgp_help_json() {
    std::vector<std::string> commands;
    for (const Entry& entry : entries) {
        const std::string options =
            entry.options.empty()
                ? ""
                : fmt::format(R"(, "options": ["{}"])", options_between(entry.options, R"(", ")"));
        commands.push_back(
            fmt::format(R"({{"command": "{}", "neighbor_support": {}, "json_support": true{}}})",
                        entry.command, entry.takes_peers, options));
    }
    return fmt::format(R"x({{"description": "Available API commands (v6 format)", )x"
                       R"("peer_filters": ["local-ip", "local-as", "peer-as", "router-id"], )"
                       R"("commands": [{}]}})",
                       fmt::join(commands, ", "));
}

std::vector<std::string> exabgp_help_text() {
    std::vector<std::string> commands;
    for (const Entry& entry : entries) {
        std::string line = entry.takes_peers ? "[peer <ip> [filters]] " : "";
        line += entry.command;
        if (!entry.options.empty()) line += " [ " + options_between(entry.options, " | ") + " ]";
        commands.push_back(line + (entry.takes_peers ? "" : " "));
    }
    std::sort(commands.begin(), commands.end());
    std::vector<std::string> lines{
        "",
        "available API commands (v6 format):",
        "====================================",
        "",
        "filter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id <router-id>]",
        "",
        "commands:",
        "---------",
        ""};
    lines.insert(lines.end(), commands.begin(), commands.end());
    lines.emplace_back("");
    return lines;
}

}  // namespace exapulse::test
