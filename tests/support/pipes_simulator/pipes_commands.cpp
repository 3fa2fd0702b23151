// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_commands.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/protocol.hpp"
#include "common/words.hpp"
#include "tests/support/simulator/neighbor_selector.hpp"
#include "tests/support/simulator/normal_form.hpp"
#include "tests/support/simulator/test_verbs.hpp"

namespace exapulse::test {

namespace {

std::string_view version_of(Dialect dialect) {
    return dialect == Dialect::Pipes50 ? "5.0.13-simulator" : "4.2.21-simulator";
}

Reaction with(Reaction reaction, Reaction::Then then) {
    reaction.then = then;
    return reaction;
}

}  // namespace

struct PipesCommands::Command {
    std::string_view name;
    Taken (PipesCommands::*take)(std::string_view line);
    bool takes_neighbor = false;  // as `help` says
    std::string_view options = {};
    bool since_50 = false;

    [[nodiscard]] bool exists(Dialect dialect) const {
        return dialect == Dialect::Pipes50 || !since_50;
    }
    /// Asking 5.0 for JSON of anything else kills it.
    [[nodiscard]] bool knows_json() const { return name.starts_with("show "); }

    static std::span<const Command> table();
};

std::span<const PipesCommands::Command> PipesCommands::Command::table() {
    using Self = PipesCommands;
    // In the order ExaBGP tries them: reverse to the alphabet.
    static constexpr std::array commands{
        Command{"withdraw watchdog", &Self::watchdog, true},
        Command{"withdraw vpls", &Self::change_other, true},
        Command{"withdraw route", &Self::change_route, true},
        Command{"withdraw ipv6", &Self::change_route, true, {}, true},
        Command{"withdraw ipv4", &Self::change_route, true, {}, true},
        Command{"withdraw flow", &Self::change_other, true},
        Command{"withdraw attributes", &Self::change_other, true},
        Command{"withdraw attribute", &Self::change_other, true, {}, true},
        Command{"version", &Self::version},
        Command{"teardown", &Self::teardown, true},
        Command{"silence-ack", &Self::silence_ack, false, {}, true},
        Command{"shutdown", &Self::shutdown},
        Command{"show neighbor", &Self::show_neighbor, false,
                "summary | extensive | configuration"},
        Command{"show adj-rib out", &Self::show_adj_rib, false, "extensive"},
        Command{"show adj-rib in", &Self::show_adj_rib, false, "extensive"},
        Command{"restart", &Self::restart},
        Command{"reset", &Self::reset},
        Command{"reload", &Self::reload},
        Command{"help", &Self::help},
        Command{"flush adj-rib out", &Self::flush_adj_rib, true},
        Command{"enable-ack", &Self::enable_ack, false, {}, true},
        Command{"disable-ack", &Self::disable_ack, false, {}, true},
        Command{"crash", &Self::crash, true},
        Command{"clear adj-rib", &Self::clear_adj_rib, true},
        Command{"announce watchdog", &Self::watchdog, true},
        Command{"announce vpls", &Self::change_other, true},
        Command{"announce route-refresh", &Self::needs_session, true},
        Command{"announce route", &Self::change_route, true},
        Command{"announce operational", &Self::operational, true},
        Command{"announce ipv6", &Self::change_route, true, {}, true},
        Command{"announce ipv4", &Self::change_route, true, {}, true},
        Command{"announce flow", &Self::change_other, true},
        Command{"announce eor", &Self::needs_session, true},
        Command{"announce attributes", &Self::change_other, true},
        Command{"announce attribute", &Self::change_other, true},
        Command{"#", &Self::comment},
    };
    return commands;
}

const PipesCommands::Command* PipesCommands::find(std::string_view line) const {
    for (const Command& command : Command::table()) {
        if (!command.exists(dialect_)) continue;
        if (line == command.name || line.ends_with(fmt::format(" {}", command.name)) ||
            line.find(fmt::format("{} ", command.name)) != line.npos)
            return &command;
    }
    return nullptr;
}

PipesCommands::Taken PipesCommands::take(std::string_view raw) {
    // Only something behind it makes it a message for the log of 5.0.
    if (is_50() && raw.starts_with("debug ") && words(raw).size() > 1) return at_once({});
    const std::string line = formatted(raw);
    const auto all = words(line);
    if (!all.empty() && all.front() == "test")
        return queued([this, line] { return test_verb(Words(words(line)).subspan(1), acks_); });
    const Command* command = find(line);
    if (command == nullptr) return at_once(error());
    const bool json = std::find(all.begin(), all.end(), "json") != all.end();
    if (is_50() && json && !command->knows_json()) return at_once(with({}, Reaction::Then::Crash));
    return (this->*command->take)(line);
}

Reaction PipesCommands::done(const std::vector<std::string>& lines) const {
    Reaction reaction;
    for (const std::string& line : lines) reaction.line(line);
    if (acks_) reaction.line(line_done);
    return reaction;
}

Reaction PipesCommands::error() const {
    Reaction reaction;
    if (acks_) reaction.line(line_error);
    return reaction;
}

PipesCommands::Taken PipesCommands::at_once(Reaction reaction) const {
    return {false, [reaction = std::move(reaction)] { return reaction; }};
}

PipesCommands::Taken PipesCommands::help(std::string_view) {
    std::vector<std::string> commands;
    for (const Command& command : Command::table()) {
        if (!command.exists(dialect_)) continue;
        commands.push_back(
            command.takes_neighbor    ? fmt::format("[neighbor <ip> [filters]] {}", command.name)
            : command.options.empty() ? fmt::format("{} ", command.name)
                                      : fmt::format("{} [ {} ] ", command.name, command.options));
    }
    std::sort(commands.begin(), commands.end());
    std::vector<std::string> lines{
        "",
        "available API commands are listed here:",
        "=======================================",
        "",
        "filter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id <router-id>]",
        "",
        "command are:",
        "------------",
        ""};
    lines.insert(lines.end(), commands.begin(), commands.end());
    lines.emplace_back("");
    return at_once(done(lines));
}

PipesCommands::Taken PipesCommands::version(std::string_view) {
    return at_once(done({fmt::format("exabgp {}", version_of(dialect_))}));
}

PipesCommands::Taken PipesCommands::comment(std::string_view) {
    return at_once(done());
}

PipesCommands::Taken PipesCommands::reload(std::string_view) {
    return at_once(with(done({"reload in progress"}), Reaction::Then::Reload));
}

PipesCommands::Taken PipesCommands::restart(std::string_view) {
    return at_once(with(done({"restart in progress"}), Reaction::Then::Reload));
}

PipesCommands::Taken PipesCommands::shutdown(std::string_view) {
    return at_once(with(done({"shutdown in progress"}), Reaction::Then::Shutdown));
}

PipesCommands::Taken PipesCommands::reset(std::string_view) {
    return at_once(with({}, Reaction::Then::DropQueue));
}

PipesCommands::Taken PipesCommands::crash(std::string_view) {
    return queued([this] { return is_50() ? error() : Reaction{}; });
}

PipesCommands::Taken PipesCommands::disable_ack(std::string_view) {
    acks_ = false;
    return at_once(Reaction{}.line(line_done));
}

PipesCommands::Taken PipesCommands::enable_ack(std::string_view) {
    acks_ = true;
    return at_once(done());
}

PipesCommands::Taken PipesCommands::silence_ack(std::string_view) {
    acks_ = false;
    return at_once({});
}

PipesCommands::Taken PipesCommands::teardown(std::string_view line) {
    const std::string command = NeighborSelector::extract(line).command;
    const auto blank = command.find(' ');
    const auto code = blank == command.npos ? std::string() : command.substr(blank + 1);
    const bool number = !code.empty() && code.find_first_not_of("0123456789") == code.npos;
    return at_once(number ? done() : error());
}

}  // namespace exapulse::test
