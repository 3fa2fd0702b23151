// SPDX-License-Identifier: BSD-3-Clause
// The part of ExabgpCommands that changes and shows routes: group, rib, peer.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/protocol.hpp"
#include "common/words.hpp"
#include "tests/support/simulator/json_string.hpp"
#include "tests/support/simulator/neighbor_selector.hpp"
#include "tests/support/simulator/normal_form.hpp"
#include "tests/support/socket_simulator/exabgp_commands.hpp"

namespace exapulse::test {

Reaction ExabgpCommands::group_start() {
    if (group_) return error_data("already in group block (nested groups not allowed)");
    group_.emplace();
    return done(R"({"status": "group started"})");
}

Reaction ExabgpCommands::group_end() {
    if (!group_) return error_data("not in group block");
    const auto commands = std::move(*group_);
    group_.reset();
    if (commands.empty()) return done(R"({"status": "group ended", "commands": 0})");
    return change_group(commands);
}

Reaction ExabgpCommands::change_group(const std::vector<std::string>& commands) {
    const auto outcome = rib_.change_group(commands);
    std::string json_errors, text_errors;
    if (!outcome.errors.empty()) {
        std::vector<std::string> list;
        for (const auto& problem : outcome.errors) list.push_back(json_string(problem));
        json_errors = fmt::format(R"(, "errors": [{}])", fmt::join(list, ", "));
        text_errors = fmt::format(", {} errors", list.size());
    }
    return done(
        fmt::format(R"({{"status": "group processed", "announced": {}, "withdrawn": {}{}}})",
                    outcome.announced, outcome.withdrawn, json_errors),
        fmt::format("group processed: {} announced, {} withdrawn{}", outcome.announced,
                    outcome.withdrawn, text_errors));
}

Reaction ExabgpCommands::rib_show(Words rest) const {
    if (rest.empty() || (rest.front() != "in" && rest.front() != "out")) return error();
    Reaction reaction;
    if (rest.front() == "out")
        for (const std::string& line : rib_.show(json_)) reaction.line(line);
    return end(reaction, line_done);
}

Reaction ExabgpCommands::rib_clear(Words rest) {
    if (rest.empty() || rest.front() == "out") rib_.clear();
    return done();
}

Reaction ExabgpCommands::peer(Words given) {
    const auto selector =
        NeighborSelector::extract_peer(formatted(fmt::format("peer {}", fmt::join(given, " "))));
    const bool matches = selector.matches(SimulatedRib::peer_name, true);
    const auto command = words(selector.command);
    if (command.empty()) return error();
    Words rest = command;
    const std::string_view action = rest.front();
    rest = rest.subspan(1);
    if (action == "show") return peer_show(rest);
    if (action == "routes") return peer_routes(rest, matches);
    if (action == "teardown") {
        const bool number =
            !rest.empty() && rest[0].find_first_not_of("0123456789") == rest[0].npos;
        return number ? done() : error();
    }
    if (action == "announce" || action == "withdraw") {
        // A selector that matches nobody means everybody: so does ExaBGP's.
        const auto outcome = rib_.change(action, rest);
        return outcome.ok ? done() : error_line(outcome.detail);
    }
    if (action == "group") {
        std::vector<std::string> commands(1);
        for (const std::string_view word : rest) {
            if (word == ";")
                commands.emplace_back();
            else
                commands.back() += (commands.back().empty() ? "" : " ") + std::string(word);
        }
        std::erase(commands, "");
        return commands.empty() ? error_data("empty group") : change_group(commands);
    }
    return error();
}

Reaction ExabgpCommands::peer_show(Words rest) const {
    constexpr std::string_view json =
        R"([{"state": "down", "duration": 0, "fsm": "IDLE", "peer-address": "127.0.0.1", )"
        R"("local-address": "127.0.0.1", "peer-as": 65001, "local-as": 65000}])";
    if (!json_ && std::find(rest.begin(), rest.end(), "summary") == rest.end())
        return done(json, "usage: peer <ip> show [summary|extensive|configuration]");
    return done(json,
                "Peer            AS        up/down state       |     #sent     #recvd    #pfx_in\n"
                "127.0.0.1       65001        down idle                  0          0          0");
}

Reaction ExabgpCommands::peer_routes(Words rest, bool matches) {
    const std::string_view action = rest.empty() ? "" : rest.front();
    Reaction reaction;
    if (action == "list") return reaction.line(matches ? rib_.list() : "[]");
    if (action != "add" && action != "remove")
        return error_line("routes requires action: list, add, or remove");
    const auto outcome = rib_.change(action == "add" ? "announce" : "withdraw", rest.subspan(1));
    const std::string route = fmt::format("{}", fmt::join(rest.subspan(1), " "));
    if (!outcome.ok) return error_line("Could not parse route: " + route);
    return reaction.line(fmt::format(R"({{"route": {}, "{}": true}})", json_string(route),
                                     action == "add" ? "success" : "removed"));
}

}  // namespace exapulse::test
