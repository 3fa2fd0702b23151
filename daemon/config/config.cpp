// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/config/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/units.hpp"
#include "daemon/exabgp/command_guard.hpp"

namespace exapulse {

namespace {

using namespace std::chrono_literals;

std::string anything(const std::string&) {
    return {};
}

std::string socket_problem(const std::string& text) {
    return socket_path_problem(text).value_or("");
}

std::string optional_socket_problem(const std::string& text) {
    return text.empty() ? std::string() : socket_problem(text);
}

std::string mode_problem(const std::string& text) {
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (error != std::errc{} || end != text.data() + text.size() || mode > 0777)
        return "must be an octal file mode such as \"0660\"";
    return {};
}

std::string level_problem(const std::string& text) {
    constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
    if (std::find(levels.begin(), levels.end(), text) != levels.end()) return {};
    return fmt::format("must be one of {}", fmt::join(levels, ", "));
}

std::string folder_problem(const std::string& text) {
    return text.starts_with('/') ? std::string() : "must be an absolute path";
}

std::string optional_path_problem(const std::string& text) {
    return text.empty() ? std::string() : folder_problem(text);
}

std::string guard_problem(const std::string& text) {
    const auto names = guard_names();
    if (std::find(names.begin(), names.end(), text) != names.end()) return {};
    return fmt::format("may hold {}", fmt::join(names, ", "));
}

// A line of more than 1 MiB kills ExaBGP's control helper for everybody, so no configuration may
// let one pass (MAX_COMMAND_SIZE in ExaBGP's application/unixsocket.py).
constexpr std::uint64_t longest_line = 1U << 20;

constexpr std::array keys{
    ConfigKey{"upstream", "socket", true,
              [](Config& c) -> ConfigField {
                  return TextField{&c.upstream.socket, optional_socket_problem};
              },
              "ExaBGP's Unix socket. Empty: looked for as ExaBGP's own CLI does, first\n"
              "exabgp_api_socketpath, then /run/exabgp, /run/UID, /run, the same in /var/run, and\n"
              "all of them below /usr/local; exapulsed --check-config lists them.\n"
              "A change takes effect at the next connect."},
    ConfigKey{
        "upstream", "fifo", true,
        [](Config& c) -> ConfigField {
            return TextField{&c.upstream.fifo, optional_path_problem};
        },
        "The named pipes of ExaBGP 4.2 and 5.0, without their .in and .out. Empty: where there\n"
        "is no socket they are looked for in the same folders, as exabgp or what\n"
        "exabgp_api_pipename or ExaBGP's own exabgp.env says."},
    ConfigKey{
        "upstream", "pidfile", true,
        [](Config& c) -> ConfigField {
            return TextField{&c.upstream.pidfile, optional_path_problem};
        },
        "ExaBGP's own pid file (exabgp.daemon.pid). On 4.2 and 5.0 it tells a restart from a\n"
        "reload where exapulsed may not see ExaBGP's processes."},
    ConfigKey{"health", "interval", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.health.interval, 50ms, 1h};
              },
              "How often ExaBGP is pinged."},
    ConfigKey{"health", "attempts", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.health.attempts, 1, 1000};
              },
              "So many unanswered pings in a row are a failure."},
    ConfigKey{"commands", "hold", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.commands.hold, 0ms, 1h};
              },
              "How long a command waits for an ExaBGP that is away before it fails not-sent."},
    ConfigKey{"commands", "deadline", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.commands.deadline, 100ms, 24h};
              },
              "How long the answer to a command may make no progress before it fails\n"
              "outcome-unknown."},
    ConfigKey{"commands", "confirm", true,
              [](Config& c) -> ConfigField { return SwitchField{&c.commands.confirm}; },
              "Prove the answers of ExaBGP 6 by an echo that is asked for behind each command, or "
              "behind\n"
              "several that were written together, so that no client gets an answer that was for "
              "nobody.\n"
              "Without it ExaBGP has a line less to read, and answers are matched by order alone."},
    ConfigKey{"commands", "in_flight", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.commands.in_flight, 1, 1'024};
              },
              "Announces and withdraws that ExaBGP 6 may have at once: half of them are written\n"
              "together, with one echo after them. Other commands, and all commands of ExaBGP 4.2\n"
              "and 5.0, are written one at a time. Raised from 1, it takes effect with the next\n"
              "connection to ExaBGP."},
    ConfigKey{"commands", "in_flight_bytes", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.commands.in_flight_bytes, 1U << 10, 1U << 20};
              },
              "The most bytes of such commands that are written before their answers have come."},
    ConfigKey{
        "commands", "unguarded", true,
        [](Config& c) -> ConfigField {
            return ListField{&c.commands.unguarded, guard_problem};
        },
        "Commands that harm some version of ExaBGP are refused. \"json\" lets the word json pass\n"
        "in any command of 5.0, \"flush\" lets flush and clear adj-rib pass on 4.2, and\n"
        "\"selector\" lets commands pass that would reach other peers than they name."},
    ConfigKey{"peers", "interval", true,
              [](Config& c) -> ConfigField {
                  return DurationField{&c.peers.interval, 100ms, 1h};
              },
              "How often ExaBGP is asked how its peers are. Only while a client wants to know."},
    ConfigKey{"socket", "path", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.socket.path, socket_problem};
              },
              "The socket that exapulsed serves. Ignored when exapulsed.socket is active, as are\n"
              "mode, group and exabgp_alias below."},
    ConfigKey{"socket", "mode", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.socket.mode, mode_problem};
              },
              "File mode of the socket: who may attach."},
    ConfigKey{"socket", "group", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.socket.group, anything};
              },
              "Group of the socket, by name or gid. Empty: that of exapulsed."},
    ConfigKey{
        "socket", "admins", true,
        [](Config& c) -> ConfigField {
            return ListField{&c.socket.admins, anything};
        },
        "Users, by name or uid, who may stop, restart and reload ExaBGP, beside root and the\n"
        "user that exapulsed runs as."},
    ConfigKey{
        "socket", "exabgp_alias", false,
        [](Config& c) -> ConfigField { return SwitchField{&c.socket.exabgp_alias}; },
        "Keep a symbolic link exabgp.sock beside the socket: ExaBGP's own programs insist on\n"
        "that name."},
    ConfigKey{"limits", "clients", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.clients, 1, 100'000};
              },
              "Clients at once."},
    ConfigKey{"limits", "clients_per_uid", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.clients_per_uid, 1, 100'000};
              },
              "Clients at once of one user. Lower it where users share the host."},
    ConfigKey{"limits", "admin_clients", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.admin_clients, 0, 100'000};
              },
              "Clients that root, the user exapulsed runs as and those in socket.admins may have\n"
              "beyond the two limits above, so that others can't lock them out."},
    ConfigKey{
        "limits", "client_pending", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.limits.client_pending, 1, 10'000'000};
        },
        "Commands of one client that may wait for their answers. A batch of exapulse keeps 64\n"
        "under way."},
    ConfigKey{"limits", "client_backlog", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.client_backlog, 4'096, 1ULL << 40};
              },
              "Bytes kept for one client: answers and events it has not read, commands that wait.\n"
              "Beyond it commands are refused, a client that reads too slowly is cut, and a\n"
              "subscriber loses events and is told `lagged`."},
    ConfigKey{
        "limits", "departed_commands", true,
        [](Config& c) -> ConfigField {
            return CountField{&c.limits.departed_commands, 0, 10'000'000};
        },
        "Commands of one user that may wait although their clients have left. They are executed\n"
        "in one turn with those of other clients; what a client leaves beyond it is dropped."},
    ConfigKey{"limits", "memory", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.memory, 16U << 20, 1ULL << 40};
              },
              "Bytes kept for all clients together: input, waiting commands, answers and events.\n"
              "One user may have half of it, users who are no admins seven eighths. Beyond it\n"
              "lines are refused, and a client that does not read is cut."},
    ConfigKey{"limits", "line_length", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.line_length, 64, longest_line};
              },
              "The longest line a client may send. 1MiB is ExaBGP's own limit: a longer one kills\n"
              "its control helper for everybody."},
    ConfigKey{"limits", "echo", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.echo, 1U << 10, longest_line};
              },
              "The most bytes of a line that ExaBGP may repeat in its answer. ExaBGP 6 cuts an\n"
              "answer line at 214KiB, and the end of the answer is lost with the rest of it."},
    ConfigKey{"limits", "communities", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.communities, 1, 100'000};
              },
              "Communities in a list. ExaBGP 6 takes a second for 1,000 of them, a quarter of a\n"
              "minute for 4,000, and does nothing else meanwhile."},
    ConfigKey{"limits", "answer_line", true,
              [](Config& c) -> ConfigField {
                  return SizeField{&c.limits.answer_line, 1U << 20, 1ULL << 40};
              },
              "The longest line of an answer of ExaBGP's."},
    ConfigKey{"limits", "history", true,
              [](Config& c) -> ConfigField {
                  return CountField{&c.limits.history, 0, 1'000'000};
              },
              "Events that are remembered, in memory, for `sidecar history`."},
    ConfigKey{"state", "dir", false,
              [](Config& c) -> ConfigField {
                  return TextField{&c.state.dir, folder_problem};
              },
              "Where the last UUID is remembered, so that a restart of ExaBGP is told even when\n"
              "exapulsed was away."},
    ConfigKey{"log", "level", true,
              [](Config& c) -> ConfigField {
                  return TextField{&c.log.level, level_problem};
              },
              "debug, info, warning or error."},
};

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

/// Reads `text` into the field; what is wrong with it, or empty.
struct SetFromText {
    const std::string& text;

    std::string operator()(const DurationField& field) const {
        const auto value = parse_duration(text);
        if (!value) return "must be a duration such as \"10s\" or \"500ms\"";
        if (*value < field.least || *value > field.most)
            return fmt::format("must be between {} and {}", format_duration(field.least),
                               format_duration(field.most));
        *field.value = *value;
        return {};
    }
    std::string operator()(const CountField& field) const {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size())
            return "must be a whole number";
        if (value < field.least || value > field.most)
            return fmt::format("must be between {} and {}", field.least, field.most);
        *field.value = value;
        return {};
    }
    std::string operator()(const SizeField& field) const {
        const auto value = parse_size(text);
        if (!value) return "must be a number of bytes or a size such as \"8MiB\"";
        if (*value < field.least || *value > field.most)
            return fmt::format("must be between {} and {}", format_size(field.least),
                               format_size(field.most));
        *field.value = *value;
        return {};
    }
    std::string operator()(const TextField& field) const {
        if (std::string problem = field.problem(text); !problem.empty()) return problem;
        *field.value = text;
        return {};
    }
    std::string operator()(const SwitchField& field) const {
        if (text != "true" && text != "false") return "must be true or false";
        *field.value = text == "true";
        return {};
    }
    std::string operator()(const ListField& field) const {
        if (std::string problem = field.problem(text); !problem.empty()) return problem;
        field.value->push_back(text);
        return {};
    }
};

struct Format {
    std::string operator()(const DurationField& field) const {
        return quoted(format_duration(*field.value));
    }
    std::string operator()(const CountField& field) const { return fmt::to_string(*field.value); }
    std::string operator()(const SizeField& field) const {
        return quoted(format_size(*field.value));
    }
    std::string operator()(const TextField& field) const { return quoted(*field.value); }
    std::string operator()(const SwitchField& field) const {
        return *field.value ? "true" : "false";
    }
    std::string operator()(const ListField& field) const {
        std::vector<std::string> items;
        for (const std::string& item : *field.value) items.push_back(quoted(item));
        return fmt::format("[{}]", fmt::join(items, ", "));
    }
};

}  // namespace

Config defaults_of_instance(std::string_view name) {
    Config config;
    config.socket.path = instance_socket_path(name);
    config.state.dir += fmt::format("/{}", name);
    return config;
}

std::string instance_config_path(std::string_view name) {
    return fmt::format("/etc/exapulse/{}.toml", name);
}

std::string ConfigKey::full_name() const {
    return fmt::format("{}.{}", table, name);
}

std::span<const ConfigKey> config_keys() {
    return keys;
}

void set_config_key(Config& config, std::string_view full_name, const std::string& text,
                    std::string_view said_by) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const ConfigKey& candidate) {
        return candidate.full_name() == full_name;
    });
    if (key == keys.end()) throw ConfigError(fmt::format("{}: no such key", said_by));
    const std::string problem = std::visit(SetFromText{text}, key->field(config));
    if (!problem.empty())
        throw ConfigError(
            fmt::format("{}: {} {}, it is \"{}\"", said_by, full_name, problem, text));
}

std::string format_value(const ConfigField& field) {
    return std::visit(Format{}, field);
}

std::string print_config(Config config, bool commented) {
    std::string text;
    std::string_view table;
    for (const ConfigKey& key : keys) {
        if (key.table != table)
            text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", key.table);
        table = key.table;
        std::string_view help = key.help;
        while (!help.empty()) {
            const auto end = std::min(help.find('\n'), help.size());
            text += fmt::format("# {}\n", help.substr(0, end));
            help.remove_prefix(std::min(end + 1, help.size()));
        }
        if (!key.live) text += "# A change takes a restart of exapulsed.\n";
        text += fmt::format("{}{} = {}\n", commented ? "#" : "", key.name,
                            format_value(key.field(config)));
    }
    return text;
}

Reload keep_unless_live(Config running, Config fresh) {
    Reload reload{std::move(fresh), {}};
    for (const ConfigKey& key : keys) {
        const ConfigField kept = key.field(running);
        const ConfigField wanted = key.field(reload.config);
        if (key.live || format_value(kept) == format_value(wanted)) continue;
        std::visit(
            [&](const auto& field) {
                *std::get<std::decay_t<decltype(field)>>(wanted).value = *field.value;
            },
            kept);
        reload.kept.push_back(key.full_name());
    }
    return reload;
}

}  // namespace exapulse
