// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/exabgp_program.hpp"

#include <array>
#include <string_view>

#include "common/words.hpp"

namespace exapulse {

namespace {

using Arguments = std::vector<std::string>;

std::string base_name(const std::string& path) {
    return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
}

constexpr std::array<std::string_view, 3> server_modules{"exabgp", "exabgp.application.main",
                                                         "exabgp.application.bgp"};
/// Commands that are not the daemon. "configuration" and others are new in 6.0.
constexpr std::array<std::string_view, 18> tools{
    "cli",     "run",      "healthcheck",   "decode", "encode",  "version",
    "env",     "validate", "schema",        "shell",  "migrate", "export",
    "example", "--run",    "configuration", "help",   "--help",  "--version"};

/// exabgp, exabgp.py, exabgp-5.0, exabgp.pyz; not exabgpcli.
bool is_named_exabgp(const std::string& program) {
    constexpr std::string_view name = "exabgp";
    const std::string last = base_name(program);
    if (!last.starts_with(name)) return false;
    if (last.starts_with("exabgp-healthcheck") || last.starts_with("exabgp-cli")) return false;
    return last.size() == name.size() || last[name.size()] == '-' || last[name.size()] == '.';
}

/// The script name of an ExaBGP run as a module is the path of that module.
bool is_server_script(const std::string& script) {
    return is_named_exabgp(script) || script.ends_with("/exabgp/application/main.py") ||
           script.ends_with("/exabgp/application/bgp.py") ||
           script.ends_with("/exabgp/__main__.py");
}

}  // namespace

std::optional<RunProgram> program_of(const Arguments& arguments) {
    if (arguments.empty()) return std::nullopt;
    if (!base_name(arguments[0]).starts_with("python") &&
        !base_name(arguments[0]).starts_with("pypy"))
        return RunProgram{arguments[0], "", 1};
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "-m" && i + 1 < arguments.size())
            return RunProgram{"", arguments[i + 1], i + 2};
        if (word == "-c") return std::nullopt;
        if (word == "-X" || word == "-W")
            ++i;
        else if (!word.starts_with('-'))
            return RunProgram{word, "", i + 1};
    }
    return std::nullopt;
}

bool is_exabgp(const Arguments& arguments) {
    const auto program = program_of(arguments);
    if (!program) return false;
    if (!is_one_of(program->module, server_modules) && !is_server_script(program->script))
        return false;
    for (std::size_t i = program->rest; i < arguments.size(); ++i) {
        if (is_one_of(arguments[i], tools)) return false;
        if (!arguments[i].starts_with('-')) return true;  // "server", or the configuration's path
    }
    return true;
}

}  // namespace exapulse
