// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/running_exabgp.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

namespace exapulse {

namespace {

namespace fs = std::filesystem;

using Arguments = std::vector<std::string>;

std::string base_name(const std::string& path) {
    return fs::path(path).filename().string();
}

bool is_one_of(std::string_view word, const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 3> server_modules{"exabgp", "exabgp.application.main",
                                                         "exabgp.application.bgp"};
/// What it does besides serving. "configuration" and the like came with 6.0.
constexpr std::array<std::string_view, 15> tools{
    "cli",    "run",   "healthcheck", "decode", "encode",  "version", "env",          "validate",
    "schema", "shell", "migrate",     "export", "example", "--run",   "configuration"};

/// The program that the arguments run, after a Python's own options.
struct Program {
    std::string script;    // empty when it is a module
    std::string module;    // of -m
    std::size_t rest = 0;  // where its own arguments begin
};

std::optional<Program> program_of(const Arguments& arguments) {
    if (arguments.empty()) return std::nullopt;
    if (!base_name(arguments[0]).starts_with("python") &&
        !base_name(arguments[0]).starts_with("pypy"))
        return Program{arguments[0], "", 1};
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "-m" && i + 1 < arguments.size()) return Program{"", arguments[i + 1], i + 2};
        if (word == "-c") return std::nullopt;
        if (word == "-X" || word == "-W")
            ++i;
        else if (!word.starts_with('-'))
            return Program{word, "", i + 1};
    }
    return std::nullopt;
}

bool is_server_script(const std::string& script) {
    return base_name(script) == "exabgp" || script.ends_with("/exabgp/application/main.py") ||
           script.ends_with("/exabgp/application/bgp.py") ||
           script.ends_with("/exabgp/__main__.py");
}

std::string variable(const ProcessTraces& process, const std::string& name) {
    const auto found = process.environment.find(name);
    return found == process.environment.end() ? "" : found->second;
}

std::string api_variable(const ProcessTraces& process, const std::string& setting) {
    const std::string dotted = variable(process, "exabgp.api." + setting);
    return unquoted(dotted.empty() ? variable(process, "exabgp_api_" + setting) : dotted);
}

/// The value of `--name VALUE` or `--name=VALUE`; empty when there is none.
std::string option(const Arguments& arguments, std::string_view name) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == name && i + 1 < arguments.size()) return arguments[i + 1];
        if (word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=')
            return word.substr(name.size() + 1);
    }
    return "";
}

/// Where it was started; 5.0 works in / after that. Empty when that is not known.
std::string started_in(const ProcessTraces& process) {
    const bool moved = process.directory.empty() || process.directory == "/";
    const std::string shell = variable(process, "PWD");
    return moved && !shell.empty() ? shell : process.directory;
}

std::string absolute(const ProcessTraces& process, const std::string& path) {
    if (path.empty() || path.front() == '/') return path;
    const std::string directory = started_in(process);
    return directory.empty() ? "" : (fs::path(directory) / path).lexically_normal().string();
}

/// What ExaBGP takes for the root of its installation: told so, or above its program. Empty when
/// that is not known.
std::string root_of(const ProcessTraces& process) {
    for (const std::string& told :
         {option(process.arguments, "--root"), option(process.arguments, "-f"),
          variable(process, "EXABGP_ROOT")})
        if (!told.empty()) return absolute(process, told);
    const auto program = program_of(process.arguments);
    const std::string script = program ? absolute(process, program->script) : "";
    if (const auto source = script.find("/src/exabgp/application"); source != std::string::npos)
        return script.substr(0, source);
    const fs::path folder = fs::path(script).parent_path();
    const bool above = folder.filename() == "bin" || folder.filename() == "sbin";
    return above ? folder.parent_path().string() : folder.string();
}

ExabgpNames names_of(const ProcessTraces& process, const std::string& root,
                     const std::function<ExabgpNames(const std::string&)>& names_in) {
    ExabgpNames names;
    for (const std::string& file :
         {option(process.arguments, "--env-file"), option(process.arguments, "--env"),
          option(process.arguments, "-e"), variable(process, "EXABGP_ENVFILE"),
          root + "/etc/exabgp/exabgp.env", std::string("/etc/exabgp/exabgp.env")}) {
        if (file.empty()) continue;
        names = names_in(absolute(process, file));
        if (names != ExabgpNames{}) break;
    }
    if (const auto name = api_variable(process, "socketname"); !name.empty()) names.socket = name;
    if (const auto name = api_variable(process, "pipename"); !name.empty()) names.pipes = name;
    return names;
}

}  // namespace

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

std::vector<UpstreamCandidate> likely_places(
    const ProcessTraces& process,
    const std::function<ExabgpNames(const std::string& path)>& names_in) {
    using enum UpstreamKind;
    std::vector<UpstreamCandidate> places;
    for (const std::string& path : process.open_paths)
        if (path.ends_with(".in")) places.push_back({Fifo, path.substr(0, path.size() - 3), "fd"});

    const std::string root = root_of(process);
    const ExabgpNames names = names_of(process, root, names_in);
    const std::string socket = names.socket.value_or("exabgp") + ".sock";
    const std::string pipes = names.pipes.value_or("exabgp");

    // ExaBGP hands to its helper, with the variables, the folder that it has found.
    if (const auto path = variable(process, "exabgp_api_socketpath"); !path.empty())
        places.push_back({Socket, absolute(process, path), "environment"});
    if (const auto folder = variable(process, "exabgp_cli_socket"); !folder.empty())
        places.push_back({Socket, folder + socket, "environment"});
    if (const auto folder = variable(process, "exabgp_cli_pipe"); !folder.empty())
        places.push_back({Fifo, folder + pipes, "environment"});

    for (const std::string& below : {std::string(), root}) {
        for (const std::string& folder : exabgp_folders(below, process.uid)) {
            places.push_back({Socket, folder + "/" + socket, "root"});
            places.push_back({Fifo, folder + "/" + pipes, "root"});
        }
        if (root.empty()) break;
    }
    return places;
}

std::string proposed_pipes(const ProcessTraces& process) {
    const std::string directory = started_in(process);
    if (directory.empty()) return "";
    const std::string name = api_variable(process, "pipename");
    return (fs::path(directory) / "run" / (name.empty() ? "exabgp" : name)).string();
}

}  // namespace exapulse
