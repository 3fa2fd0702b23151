// SPDX-License-Identifier: BSD-3-Clause
// The configuration: what is accepted, and how clearly the rest is refused.
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "common/printable.hpp"
#include "daemon/config/config_file.hpp"
#include "tests/support/harness/project_file.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

namespace {

std::string refusal(const std::string& text) {
    Config config;
    try {
        parse_config(text, "f.toml", config);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

/// Any other value; what is allowed does not matter here.
struct ChangeValue {
    void operator()(const DurationField& field) const { *field.value += 1s; }
    void operator()(const CountField& field) const { ++*field.value; }
    void operator()(const SizeField& field) const { ++*field.value; }
    void operator()(const TextField& field) const { *field.value += "x"; }
    void operator()(const SwitchField& field) const { *field.value = !*field.value; }
    void operator()(const ListField& field) const { field.value->push_back("x"); }
    void operator()(const RulesField& field) const { field.value->emplace_back(); }
};

}  // namespace

TEST_CASE("every key of the file reaches the configuration") {
    Config config;
    parse_config(R"([upstream]
socket = "/run/x.sock"
[health]
interval = "500ms"
attempts = 5
[commands]
hold = "1s"
deadline = "2m"
[socket]
path = "/run/y.sock"
mode = "0600"
group = "exabgp"
admins = ["alice", "1000"]
exabgp_alias = false
[access]
observe = ["@monitoring"]
operate = []
admin = ["alice"]
[[access.rule]]
who = ["@team-a", "1001"]
prefixes = ["203.0.113.0/24"]
peers = ["192.0.2.1"]
[[access.rule]]
name = "reads"
who = ["*"]
role = "observe"
allow = ["show \"x\""]
deny = ["show adj-rib"]
[limits]
clients = 10
clients_per_uid = 5
admin_clients = 2
departed_commands = 9
memory = "32MiB"
client_pending = 7
client_backlog = "1MiB"
line_length = 4096
answer_line = "2MiB"
[state]
dir = "/tmp"
[log]
level = "debug"
)",
                 "f.toml", config);
    CHECK(config.upstream.socket == "/run/x.sock");
    CHECK(config.health.interval == 500ms);
    CHECK(config.health.attempts == 5);
    CHECK(config.commands.hold == 1s);
    CHECK(config.commands.deadline == 2min);
    CHECK(config.socket.path == "/run/y.sock");
    CHECK(config.socket.mode == "0600");
    CHECK(config.socket.group == "exabgp");
    CHECK(config.socket.admins == std::vector<std::string>{"alice", "1000"});
    CHECK_FALSE(config.socket.exabgp_alias);
    CHECK(config.access.observe == std::vector<std::string>{"@monitoring"});
    CHECK(config.access.operate.empty());
    CHECK(config.access.admin == std::vector<std::string>{"alice"});
    REQUIRE(config.access.rules.size() == 2);
    CHECK(config.access.rules[0].name == "1");
    CHECK(config.access.rules[0].place == "f.toml:19:1");
    CHECK(config.access.rules[0].who == std::vector<std::string>{"@team-a", "1001"});
    CHECK(config.access.rules[0].role == "operate");
    CHECK(config.access.rules[0].prefixes == std::vector<std::string>{"203.0.113.0/24"});
    CHECK(config.access.rules[0].peers == std::vector<std::string>{"192.0.2.1"});
    CHECK(config.access.rules[1].name == "reads");
    CHECK(config.access.rules[1].role == "observe");
    CHECK(config.access.rules[1].allow == std::vector<std::string>{"show \"x\""});
    CHECK(config.access.rules[1].deny == std::vector<std::string>{"show adj-rib"});
    CHECK(config.limits.clients == 10);
    CHECK(config.limits.clients_per_uid == 5);
    CHECK(config.limits.client_pending == 7);
    CHECK(config.limits.client_backlog == 1U << 20);
    CHECK(config.limits.admin_clients == 2);
    CHECK(config.limits.departed_commands == 9);
    CHECK(config.limits.memory == 32U << 20);
    CHECK(config.limits.line_length == 4096);
    CHECK(config.limits.answer_line == 2U << 20);
    CHECK(config.state.dir == "/tmp");
    CHECK(config.log.level == "debug");

    Config again;
    parse_config(print_config(config, false), "printed", again);
    CHECK(print_config(again, false) == print_config(config, false));
}

TEST_CASE("errors are refused with their place, their key and what is allowed") {
    struct Row {
        const char* text;
        const char* says;
    };
    for (const Row& row : {
             Row{"[health]\nintervall = \"1s\"\n",
                 "f.toml:2:1: unknown key health.intervall, did you mean interval?"},
             Row{"[helth]\n", "f.toml:1:2: unknown table helth, did you mean health?"},
             Row{"[health]\nxyzzy = 1\n",
                 "f.toml:2:1: unknown key health.xyzzy; exapulsed --print-config shows all keys"},
             Row{"health = 3\n", "f.toml:1:1: health must be a table, write [health]"},
             Row{"[health]\ninterval = 10\n",
                 "f.toml:2:12: health.interval must be a duration in quotes such as \"10s\", it is "
                 "a TOML integer"},
             Row{"[health]\ninterval = \"soon\"\n",
                 "f.toml:2:12: health.interval must be a duration such as \"10s\" or \"500ms\", it "
                 "is \"soon\""},
             Row{"[health]\ninterval = \"1ms\"\n",
                 "f.toml:2:12: health.interval must be between 50ms and 1h, it is \"1ms\""},
             Row{"[health]\nattempts = 0\n",
                 "f.toml:2:12: health.attempts must be between 1 and 1000, it is \"0\""},
             Row{"[limits]\nline_length = \"2MiB\"\n",
                 "f.toml:2:15: limits.line_length must be between 64 and 1MiB, it is \"2MiB\""},
             Row{"[limits]\nclient_backlog = true\n",
                 "f.toml:2:18: limits.client_backlog must be a number of bytes or a size in quotes "
                 "such as \"8MiB\", it is a TOML boolean"},
             Row{"[socket]\nmode = \"rw\"\n",
                 "f.toml:2:8: socket.mode must be an octal file mode such as \"0660\", it is "
                 "\"rw\""},
             Row{"[socket]\nadmins = \"alice\"\n",
                 "f.toml:2:10: socket.admins must be a list of strings, such as [\"alice\"]"},
             Row{"[access]\noperate = [\"\"]\n",
                 "f.toml:2:12: access.operate may hold users, \"@GROUP\", \"@socket\" for the "
                 "group of the socket, and \"*\", it is \"\""},
             Row{"[access]\nrule = [1]\n",
                 "f.toml:2:8: access.rule must be a list of tables, write [[access.rule]]"},
             Row{"[access.rule]\nwho = [\"a\"]\n",
                 "f.toml:1:1: access.rule must be a list of tables, write [[access.rule]]"},
             Row{"[[access.rule]]\nrole = \"operate\"\n",
                 "f.toml:1:1: access.rule has no `who`, so it names nobody"},
             Row{"[[access.rule]]\nwho = []\n",
                 "f.toml:2:7: access.rule: who must be a list of strings with one at least; leave "
                 "it "
                 "out for no limit"},
             Row{"[[access.rule]]\nwho = [\"a\"]\nrole = \"root\"\n",
                 "f.toml:3:8: access.rule: role must be one of observe, operate, admin"},
             Row{"[[access.rule]]\nwho = [\"a\"]\nprefix = [\"x\"]\n",
                 "f.toml:3:1: unknown key access.rule.prefix, did you mean prefixes?"},
             Row{"[[access.rule]]\nwho = [\"a\"]\nprefixes = [\"192.0.2.1/24\"]\n",
                 "f.toml:3:13: access.rule: prefixes may hold prefixes such as \"192.0.2.0/24\""},
             Row{"[[access.rule]]\nwho = [\"a\"]\npeers = [\"*\"]\n",
                 "f.toml:3:10: access.rule: peers may hold addresses of peers"},
             Row{"[[access.rule]]\nwho = [\"a\"]\nallow = [\" \"]\n",
                 "f.toml:3:10: access.rule: allow may hold the first words of commands, such as "
                 "\"announce route\""},
             Row{"[socket]\nadmins = [7]\n",
                 "f.toml:2:11: socket.admins must be a list of strings in quotes, it is a TOML "
                 "integer"},
             Row{"[log]\nlevel = \"loud\"\n",
                 "f.toml:2:9: log.level must be one of debug, info, warning, error, it is "
                 "\"loud\""},
             Row{"[state]\ndir = \"here\"\n",
                 "f.toml:2:7: state.dir must be an absolute path, it is \"here\""},
         }) {
        CAPTURE(std::string(row.text));
        CHECK(refusal(row.text) == row.says);
    }
    CHECK(refusal("[health\n").starts_with("f.toml:1:"));
    const std::string long_path = "[socket]\npath = \"/" + std::string(120, 'x') + "\"\n";
    CHECK(refusal(long_path).find("121 bytes, the kernel accepts 107") != std::string::npos);
}

TEST_CASE("an error is one line of plain text, whatever the file holds") {
    for (const std::string& text :
         {std::string("[\"a\\nb\"]\n"), std::string("[log]\n\"\\u001b[2J\" = 1\n"),
          std::string("[socket]\nmode = \"\\r\\n\"\n"), std::string("[log]\nlevel = fal\x0e\n")}) {
        CAPTURE(text);
        Config config;
        try {
            parse_config(text, "exapulse.toml", config);
            FAIL("was taken");
        } catch (const ConfigError& error) {
            const std::string what = error.what();
            CHECK(what == printable(what));
        }
    }
}

TEST_CASE("a file that is missing, or no file") {
    Config config;
    CHECK_NOTHROW(load_config("/nonexistent/exapulse.toml", true, config));
    CHECK_THROWS_WITH_AS(load_config("/nonexistent/exapulse.toml", false, config),
                         "/nonexistent/exapulse.toml: No such file or directory", ConfigError);
    CHECK_THROWS_WITH_AS(load_config("/tmp", true, config), "/tmp: is a directory, not a file",
                         ConfigError);
}

TEST_CASE("flags set the same keys and are refused in the same words") {
    Config config;
    set_config_key(config, "health.interval", "1s", "--interval");
    CHECK(config.health.interval == 1s);
    CHECK_THROWS_WITH_AS(set_config_key(config, "health.interval", "1", "--interval"),
                         "--interval: health.interval must be a duration such as \"10s\" or "
                         "\"500ms\", it is \"1\"",
                         ConfigError);
}

TEST_CASE("instances share no file") {
    CHECK(instance_config_path("edge") == "/etc/exapulse/edge.toml");
    const Config config = defaults_of_instance("edge");
    CHECK(config.socket.path == "/run/exapulse/edge/exapulse.sock");
    CHECK(config.state.dir == "/var/lib/exapulse/edge");
    CHECK(keep_unless_live(Config(), config).kept ==
          std::vector<std::string>{"socket.path", "state.dir"});
}

TEST_CASE("a reload applies every live key, and keeps and names each of the others") {
    const Config running;
    CHECK(keep_unless_live(running, Config()).kept.empty());
    std::vector<std::string> not_live;
    Config all_changed;
    for (const ConfigKey& key : config_keys()) {
        const std::string name = key.full_name();
        CAPTURE(name);
        Config before = running, fresh = running;
        std::visit(ChangeValue{}, key.field(fresh));
        std::visit(ChangeValue{}, key.field(all_changed));
        const std::string wanted = format_value(key.field(fresh));
        const std::string kept = format_value(key.field(before));
        REQUIRE(wanted != kept);
        Reload reload = keep_unless_live(running, fresh);
        CHECK(format_value(key.field(reload.config)) == (key.live ? wanted : kept));
        CHECK(reload.kept == (key.live ? std::vector<std::string>() : std::vector{name}));
        // Once more, as at the next SIGHUP: what is kept is named again.
        CHECK(keep_unless_live(reload.config, fresh).kept == reload.kept);
        if (!key.live) not_live.push_back(name);
    }
    CHECK(not_live.size() == 7);
    CHECK(keep_unless_live(running, all_changed).kept == not_live);
}

TEST_CASE("the installed example is the table of keys, commented out") {
    std::ifstream file(test::project_file("packaging/exapulse.toml"));
    std::ostringstream text;
    text << file.rdbuf();
    CHECK(text.str() == print_config(Config(), true));
}
