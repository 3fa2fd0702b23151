// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/running_exabgp.hpp"

#include <filesystem>
#include <string_view>

#include "daemon/exabgp/exabgp_folders.hpp"
#include "daemon/exabgp/exabgp_program.hpp"

namespace exapulse {

namespace {

namespace fs = std::filesystem;

using Arguments = std::vector<std::string>;

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

    // ExaBGP passes the directory that it has found to its helper, in the environment.
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
