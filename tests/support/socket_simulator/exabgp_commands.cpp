// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/socket_simulator/exabgp_commands.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <random>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/protocol.hpp"
#include "common/words.hpp"
#include "tests/support/simulator/json_string.hpp"
#include "tests/support/simulator/normal_form.hpp"
#include "tests/support/simulator/test_verbs.hpp"
#include "tests/support/socket_simulator/exabgp_help.hpp"
#include "tests/support/socket_simulator/exabgp_v4.hpp"

namespace exapulse::test {

namespace {

constexpr std::string_view version = "6.0.0-simulator";
std::uint64_t random_bits() {
    static thread_local std::mt19937_64 generator{std::random_device{}()};
    return generator();
}

std::string random_uuid() {
    const auto high = random_bits(), low = random_bits();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                       high & 0xfff, 8 + (low >> 62), low >> 48 & 0xfff, low & 0xffffffffffff);
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

Reaction with(Reaction reaction, Reaction::Then then) {
    reaction.then = then;
    return reaction;
}

}  // namespace

/// One command of v6: its words, and what answers the words behind them.
struct ExabgpCommands::Command {
    std::string_view name;
    Reaction (*answer)(ExabgpCommands& self, Words rest);

    static const Command* find(Words line);
};

const ExabgpCommands::Command* ExabgpCommands::Command::find(Words line) {
    using Self = ExabgpCommands;
    using Then = Reaction::Then;
    static constexpr std::array table{
        Command{"daemon reload",
                [](Self& self, Words) {
                    return with(
                        self.done(R"({"status": "reload in progress"})", "reload in progress"),
                        Then::Bounce);
                }},
        Command{"daemon restart",
                [](Self& self, Words) {
                    return with(
                        self.done(R"({"status": "restart in progress"})", "restart in progress"),
                        Then::Bounce);
                }},
        Command{"daemon shutdown",
                [](Self& self, Words) {
                    return with(
                        self.done(R"({"status": "shutdown in progress"})", "shutdown in progress"),
                        Then::Shutdown);
                }},
        Command{"daemon status", [](Self& self, Words) { return self.status(); }},
        Command{"group end", [](Self& self, Words) { return self.group_end(); }},
        Command{"group start", [](Self& self, Words) { return self.group_start(); }},
        Command{"peer list",
                [](Self& self, Words) {
                    constexpr std::string_view peers =
                        R"([{"peer-address": "127.0.0.1", "peer-as": 65001, "state": "IDLE"}])";
                    return self.done(peers, peers);
                }},
        Command{"peer show", [](Self& self, Words rest) { return self.peer_show(rest); }},
        Command{"peer", [](Self& self, Words rest) { return self.peer(rest); }},
        Command{"rib clear", [](Self& self, Words rest) { return self.rib_clear(rest); }},
        Command{"rib flush", [](Self& self, Words) { return self.done(); }},
        Command{"rib show", [](Self& self, Words rest) { return self.rib_show(rest); }},
        Command{"session ack disable",
                [](Self& self, Words) {
                    Reaction last = self.done();
                    if (!self.acks_) last.line(line_done);  // this one is always told
                    self.acks_ = false;
                    return last;
                }},
        Command{"session ack enable",
                [](Self& self, Words) {
                    self.acks_ = true;
                    return self.done();
                }},
        Command{"session ack silence",
                [](Self& self, Words) {
                    self.acks_ = false;
                    return Reaction{};
                }},
        Command{"session bye", [](Self& self, Words) { return self.done(); }},
        Command{"session ping", [](Self& self, Words rest) { return self.ping(rest); }},
        Command{"session reset",
                [](Self& self, Words) {
                    return self.done(R"({"status": "asynchronous queue cleared"})",
                                     "asynchronous queue cleared");
                }},
        Command{"session sync disable",
                [](Self& self, Words) {
                    self.sync_ = false;
                    return self.done();
                }},
        Command{"session sync enable",
                [](Self& self, Words) {
                    self.sync_ = true;
                    return self.done();
                }},
        Command{"system api version",
                [](Self& self, Words rest) { return self.api_version(rest); }},
        Command{"system crash",
                [](Self& self, Words) {
                    Reaction reaction = self.done();
                    return self.end(reaction, line_error);
                }},
        Command{"system help",
                [](Self& self, Words) {
                    return self.done(exabgp_help_json(),
                                     fmt::format("{}", fmt::join(exabgp_help_text(), "\n")));
                }},
        Command{"system queue-status",
                [](Self& self, Words) {
                    return self.done(
                        fmt::format(R"({{"{}": {{"items": 0, "bytes": 0}}}})", self.relay_),
                        fmt::format("{}: 0 items (0 bytes)", self.relay_));
                }},
        Command{"system version",
                [](Self& self, Words) {
                    return self.done(
                        fmt::format(R"({{"version": "{}", "application": "exabgp"}})", version),
                        fmt::format("exabgp {}", version));
                }},
    };
    for (const Command& command : table)
        if (begins_with(line, words(command.name))) return &command;
    return nullptr;
}

void ExabgpCommands::become_new_process() {
    uuid_ = random_uuid();
    started_ = std::chrono::system_clock::now();
    rib_.clear();
    become_new_relay();
}

void ExabgpCommands::become_new_relay() {
    relay_ = fmt::format("api-internal-cli-socket-{:08x}", random_bits() >> 32);
    acks_ = true;
    sync_ = false;
    group_.reset();
}

void ExabgpCommands::set_group_open(bool open) {
    group_.reset();
    if (open) group_.emplace();
}

Reaction ExabgpCommands::answer(std::string_view received) {
    const std::string line = formatted(received);
    const auto all = words(line);
    if (received.starts_with("debug ") && all.size() > 1) return {};
    json_ = dialect_ == Dialect::V6 || (!all.empty() && all.back() == "json");
    if (all.empty() || all.front().starts_with('#')) return done();
    if (all.front() == "test") return test_verb(Words(all).subspan(1), acks_);
    const std::string first = lower(all.front());
    if (group_ && (first.starts_with("announce") || first.starts_with("withdraw"))) {
        group_->push_back(fmt::format("{}", fmt::join(all, " ")));
        return done();
    }
    return dispatch(dialect_ == Dialect::V6 ? all : translate_v4(all));
}

Reaction ExabgpCommands::dispatch(Words line) {
    const Command* command = Command::find(line);
    if (command == nullptr) return error();
    return command->answer(*this, line.subspan(words(command->name).size()));
}

Reaction ExabgpCommands::done(std::string_view json, std::string_view text) const {
    Reaction reaction;
    const std::string_view line = json_ ? json : text;
    if (!line.empty()) reaction.line(line);
    return end(reaction, line_done);
}

Reaction ExabgpCommands::error() const {
    Reaction reaction;
    return end(reaction, line_error);
}

Reaction ExabgpCommands::error_line(std::string_view detail) const {
    Reaction reaction;
    if (acks_ && !detail.empty()) reaction.line(fmt::format("{}{}", error_prefix, detail));
    return end(reaction, line_error);
}

Reaction ExabgpCommands::error_data(std::string_view detail) const {
    Reaction reaction;
    reaction.line(json_ ? fmt::format(R"({{"error": {}}})", json_string(detail))
                        : fmt::format("{}{}", error_prefix, detail));
    return end(reaction, line_error);
}

Reaction& ExabgpCommands::end(Reaction& reaction, std::string_view terminator) const {
    if (acks_) reaction.line(terminator);
    return reaction;
}

Reaction ExabgpCommands::ping(Words rest) const {
    // In both dialects: JSON unless asked otherwise.
    const bool text =
        text_pongs_ || std::any_of(rest.begin(), rest.end(),
                                   [](std::string_view word) { return lower(word) == "text"; });
    const std::string pong = text ? fmt::format("pong {} active=true", uuid_)
                                  : fmt::format(R"({{"pong": "{}", "active": true}})", uuid_);
    return done(pong, pong);
}

Reaction ExabgpCommands::api_version(Words rest) {
    if (rest.empty()) {
        const int number = dialect_ == Dialect::V6 ? 6 : 4;
        const std::string_view what = number == 6 ? "json-only" : "legacy (text/json)";
        return done(fmt::format(R"({{"api_version": {}, "description": "{}"}})", number, what),
                    fmt::format("API version: {} ({})", number, what));
    }
    std::string_view digits = rest.front();
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int number = 0;
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failed != std::errc{} || end != digits.data() + digits.size())
        return error_data(fmt::format("{}nvalid version: {}", json_ ? 'I' : 'i', rest.front()));
    if (number != 4 && number != 6) return error_data("API version must be 4 or 6");
    dialect_ = number == 6 ? Dialect::V6 : Dialect::V4;
    return done(fmt::format(R"({{"status": "API version set", "version": {}, )"
                            R"("note": "effective on next process restart"}})",
                            number),
                fmt::format("API version set to {} (effective on next process restart)", number));
}

Reaction ExabgpCommands::status() const {
    const auto since = std::chrono::system_clock::now() - started_;
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(since).count();
    const double start_time = std::chrono::duration<double>(started_.time_since_epoch()).count();
    return done(
        fmt::format(R"({{"version": "{}", "uuid": "{}", "pid": {}, "uptime": {}, )"
                    R"("start_time": {:.6f}, "peers": {{"{}": "{}"}}}})",
                    version, uuid_, getpid(), uptime, start_time, SimulatedRib::peer_name,
                    peer_state_),
        fmt::format("ExaBGP Daemon Status\n====================\nVersion: {}\nUUID: {}\nPID: {}\n"
                    "Uptime: {}h {}m {}s\nPeers: 1\n  - {}: {}",
                    version, uuid_, getpid(), uptime / 3600, uptime % 3600 / 60, uptime % 60,
                    SimulatedRib::peer_name, peer_state_));
}

}  // namespace exapulse::test
