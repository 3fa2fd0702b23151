// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/config/arguments.hpp"

#include <array>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/config/config_file.hpp"

namespace exapulse {

namespace {

struct Flag {
    const char* name;
    const char* key;
    const char* value;
    const char* help;
};

constexpr std::array flags{
    Flag{"--upstream", "upstream.socket", "PATH", "ExaBGP's Unix socket"},
    Flag{"--fifo", "upstream.fifo", "NAME", "ExaBGP's named pipes, NAME.in and NAME.out"},
    Flag{"--pidfile", "upstream.pidfile", "PATH", "ExaBGP's pid file"},
    Flag{"--socket", "socket.path", "PATH", "the socket to serve"},
    Flag{"--state-dir", "state.dir", "DIR", "where the last UUID is stored"},
    Flag{"--interval", "health.interval", "TIME", "how often ExaBGP is pinged, such as 10s"},
    Flag{"--log-level", "log.level", "LEVEL", "debug, info, warning or error"},
};

constexpr const char* description =
    "exapulsed shares one ExaBGP connection among many clients and monitors ExaBGP's health.";

constexpr const char* footer =
    "\nCommand-line flags override the file. Signals: HUP reloads the file, TERM and INT stop.\n"
    "Exit status: 0 stopped, 1 could not start or failed, 2 usage error, 78 invalid "
    "configuration.\n"
    "\nExamples:\n"
    "  exapulsed --check-config\n"
    "  exapulsed --check-config --as alice 'withdraw route 192.0.2.0/24'\n"
    "  exapulsed --upstream /run/exabgp/exabgp.sock --socket ~/exapulse.sock \\\n"
    "            --state-dir ~/exapulse-state --interval 1s\n"
    "\nSee exapulsed(8), exapulse(1) and exapulse-protocol(7).";

}  // namespace

Arguments parse_arguments(int argc, char** argv) {
    Arguments arguments;
    CLI::App app(description, "exapulsed");
    app.footer(footer);
    app.set_version_flag("--version", "exapulsed " EXAPULSE_VERSION);
    const auto* config =
        app.add_option("--config", arguments.config_path, "configuration file")->type_name("FILE");
    app.get_option("--config")->default_str(std::string(default_config_path));
    app.add_option("--instance", arguments.instance,
                   "one of several on a host, with its own files: /etc/exapulse/NAME.toml,\n"
                   "/run/exapulse/NAME/exapulse.sock, /var/lib/exapulse/NAME")
        ->type_name("NAME")
        ->check([](const std::string& name) { return instance_name_problem(name).value_or(""); });
    bool check = false;
    bool print = false;
    auto* checking = app.add_flag("--check-config", check, "check the configuration and exit");
    app.add_flag("--print-config", print, "print the effective configuration and exit")
        ->excludes(checking);
    app.add_option("--as", arguments.as_user,
                   "with --check-config: explain what this user may do, and whether the\n"
                   "COMMAND is allowed (exit status 0) or denied (1)")
        ->type_name("USER")
        ->needs(checking);
    std::vector<std::string> command;
    app.add_option("COMMAND", command, "a command of ExaBGP's or exapulsed's, for --as")
        ->type_name("")
        ->needs("--as");
    for (const Flag& flag : flags)
        app.add_option_function<std::string>(
               flag.name,
               [&](const std::string& text) {
                   arguments.overrides.push_back({flag.key, flag.name, text});
               },
               flag.help)
            ->type_name(flag.value);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {
        arguments.action = Action::Exit;
        arguments.exit_code = app.exit(asked);
        return arguments;
    } catch (const CLI::ParseError& error) {
        std::cerr << "exapulsed: " << error.what() << "; see exapulsed --help\n";
        arguments.action = Action::Exit;
        arguments.exit_code = 2;
        return arguments;
    }
    const bool is_instance = !arguments.instance.empty();
    arguments.config_named = config->count() > 0 || is_instance;
    if (is_instance && config->count() == 0)
        arguments.config_path = instance_config_path(arguments.instance);
    arguments.as_command = fmt::format("{}", fmt::join(command, " "));
    if (check) arguments.action = Action::CheckConfig;
    if (print) arguments.action = Action::PrintConfig;
    return arguments;
}

Config effective_config(const Arguments& arguments) {
    Config config =
        arguments.instance.empty() ? Config() : defaults_of_instance(arguments.instance);
    std::error_code error;
    const bool missing = !std::filesystem::exists(arguments.config_path, error) && !error;
    if (missing && !arguments.instance.empty())
        throw ConfigError(
            fmt::format("{}: no such file; the instance \"{}\" needs one that names its ExaBGP in "
                        "[upstream] (exapulse.toml(5))",
                        arguments.config_path, arguments.instance));
    load_config(arguments.config_path, !arguments.config_named, config);
    for (const auto& [key, flag, text] : arguments.overrides)
        set_config_key(config, key, text, flag);
    return config;
}

}  // namespace exapulse
