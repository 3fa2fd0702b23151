// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/store/stored_command.hpp"

#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

ordered_json null_if_empty(std::string_view text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

bool is_part_of_address(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':';
}

/// As a word of its own, also in "[A, B]".
bool names_address(std::string_view command, std::string_view address) {
    for (auto at = command.find(address); at != command.npos; at = command.find(address, at + 1)) {
        const auto after = at + address.size();
        const bool begins = at == 0 || !is_part_of_address(command[at - 1]);
        // A prefix is no peer.
        const bool ends = after == command.size() ||
                          (!is_part_of_address(command[after]) && command[after] != '/');
        if (begins && ends) return true;
    }
    return false;
}

}  // namespace

bool fits(const StoredCommand& command, const CommandQuery& query) {
    if (command.lost > 0) return true;  // whose they were is not known
    if (!query.user.empty() && command.user != query.user &&
        fmt::to_string(command.uid) != query.user)
        return false;
    return query.peer.empty() || names_address(command.command, query.peer);
}

std::string format_command(const StoredCommand& command, std::string_view boot) {
    if (command.lost > 0)
        return json_text(ordered_json{{"time", format_time(command.time)},
                                      {"boot", null_if_empty(boot)},
                                      {"lost", command.lost}});
    return json_text(
        ordered_json{{"time", format_time(command.time)},
                     {"boot", null_if_empty(boot)},
                     {"session", command.session},
                     {"uid", command.uid},
                     {"user", null_if_empty(command.user)},
                     {"pid", command.pid == 0 ? ordered_json(nullptr) : ordered_json(command.pid)},
                     {"process", null_if_empty(command.process)},
                     {"command", command.command},
                     {"role", name_of(command.needed)},
                     {"verdict", command.verdict},
                     {"why", null_if_empty(command.why)},
                     {"took_ms", static_cast<double>(command.took.count()) / 1'000}});
}

}  // namespace exapulse
