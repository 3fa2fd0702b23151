// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/upstream_discovery.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

#include <fmt/format.h>

#include "daemon/exabgp/exabgp_folders.hpp"

namespace exapulse {

namespace fs = std::filesystem;

namespace {

/// ExaBGP writes one of about 1 KiB.
constexpr std::size_t largest_env_file = 256U << 10;

/// NAME.in is what an operator may well write.
std::string without_suffix(std::string name) {
    for (const std::string_view suffix : {".in", ".out"})
        if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
    return name;
}

bool is_fifo(const std::string& path) {
    struct stat found {};
    return stat(path.c_str(), &found) == 0 && S_ISFIFO(found.st_mode);
}

}  // namespace

UpstreamDiscovery::UpstreamDiscovery(Configured configured, Environment environment, uid_t uid,
                                     std::string own_socket, ReadFile read_file)
    : configured_(std::move(configured)),
      environment_(std::move(environment)),
      uid_(uid),
      own_socket_(std::move(own_socket)),
      read_file_(std::move(read_file)) {
    refresh();
}

std::optional<std::string> UpstreamDiscovery::variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

SmallFile UpstreamDiscovery::read_env_file(const std::string& path) {
    return read_small_file(path, largest_env_file, SymbolicLinks::Follow);
}

void UpstreamDiscovery::refresh() {
    using enum UpstreamKind;
    candidates_.clear();
    problems_.clear();
    if (!configured_.socket.empty()) candidates_.push_back({Socket, configured_.socket, "config"});
    if (!configured_.fifo.empty())
        candidates_.push_back({Fifo, without_suffix(configured_.fifo), "config"});
    if (is_search()) add_search();
}

/// The system's, that of the variable, and that of pip, whose ExaBGP takes /usr/local from the
/// place of its program.
std::vector<std::string> UpstreamDiscovery::roots() const {
    std::vector<std::string> roots{""};
    if (const auto root = environment_("EXABGP_ROOT"); root && root->starts_with('/'))
        roots.push_back(root->substr(0, root->find_last_not_of('/') + 1));
    roots.emplace_back("/usr/local");
    return roots;
}

std::vector<std::string> UpstreamDiscovery::env_files() const {
    if (const auto named = environment_("EXABGP_ENVFILE"); named && !named->empty())
        return {*named};
    std::vector<std::string> files;
    for (const std::string& root : roots()) files.push_back(root + "/etc/exabgp/exabgp.env");
    return files;
}

/// ExaBGP reads the name with dots first.
std::optional<UpstreamDiscovery::Name> UpstreamDiscovery::name_in_environment(
    const char* setting) const {
    for (const std::string prefix : {"exabgp.api.", "exabgp_api_"}) {
        const std::string variable = prefix + setting;
        if (const auto value = environment_(variable)) return Name{unquoted(*value), variable};
    }
    return std::nullopt;
}

/// Which ExaBGP it is, and so which file it has read, is not known: the names of all files count, a
/// file that sets none means the default, and so does the absence of files.
void UpstreamDiscovery::add_search() {
    std::vector<Name> sockets, pipes;
    const auto add = [](std::vector<Name>& names, Name name) {
        const auto same = [&](const Name& known) { return known.name == name.name; };
        if (!name.name.empty() && name.name.find('/') == std::string::npos &&
            std::none_of(names.begin(), names.end(), same))
            names.push_back(std::move(name));
    };
    const Name standard{"exabgp", "standard folder"};
    if (auto name = name_in_environment("socketname")) add(sockets, std::move(*name));
    if (auto name = name_in_environment("pipename")) add(pipes, std::move(*name));
    const bool ask_for_sockets = sockets.empty();
    const bool ask_for_pipes = pipes.empty();
    for (const std::string& path : env_files()) {
        const SmallFile file = read_file_(path);
        if (!file.exists) continue;
        if (!file.problem.empty()) problems_.push_back(fmt::format("{} {}", path, file.problem));
        const ExabgpNames names = names_in_env_file(file.text);
        const auto named = [&](const std::optional<std::string>& name) {
            return name && *name != standard.name ? Name{*name, path} : standard;
        };
        if (ask_for_sockets) add(sockets, named(names.socket));
        if (ask_for_pipes) add(pipes, named(names.pipes));
    }
    if (sockets.empty()) sockets.push_back(standard);
    if (pipes.empty()) pipes.push_back(standard);

    if (const auto path = environment_("exabgp_api_socketpath"); path && !path->empty())
        candidates_.push_back({UpstreamKind::Socket, *path, "exabgp_api_socketpath"});
    std::vector<std::string> folders;
    for (const std::string& root : roots())
        for (std::string& folder : exabgp_folders(root, uid_))
            if (std::find(folders.begin(), folders.end(), folder) == folders.end())
                folders.push_back(std::move(folder));
    for (const auto& [name, said_by] : sockets)
        for (const std::string& folder : folders)
            candidates_.push_back(
                {UpstreamKind::Socket, fmt::format("{}/{}.sock", folder, name), said_by});
    for (const auto& [name, said_by] : pipes)
        for (const std::string& folder : folders)
            candidates_.push_back(
                {UpstreamKind::Fifo, fmt::format("{}/{}", folder, name), said_by});
}

std::vector<UpstreamCandidate> UpstreamDiscovery::distinct() const {
    std::vector<UpstreamCandidate> all;
    std::vector<std::pair<UpstreamKind, fs::path>> real_paths;
    for (const UpstreamCandidate& candidate : candidates_) {
        std::error_code ignored;
        const fs::path path(candidate.path);
        std::pair real(candidate.kind,
                       fs::weakly_canonical(path.parent_path(), ignored) / path.filename());
        if (std::find(real_paths.begin(), real_paths.end(), real) != real_paths.end()) continue;
        real_paths.push_back(std::move(real));
        all.push_back(candidate);
    }
    return all;
}

std::vector<UpstreamCandidate> UpstreamDiscovery::present() const {
    std::vector<UpstreamCandidate> found;
    for (const UpstreamCandidate& candidate : candidates_)
        if (is_present(candidate)) found.push_back(candidate);
    return found;
}

bool UpstreamDiscovery::is_present(const UpstreamCandidate& candidate) const {
    if (candidate.kind == UpstreamKind::Fifo)
        return candidate.found_by == "config" ||
               (is_fifo(candidate.path + ".in") && is_fifo(candidate.path + ".out"));
    struct stat own {
    }, found{};
    const bool have_own = stat(own_socket_.c_str(), &own) == 0;
    if (stat(candidate.path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
    return !(have_own && found.st_dev == own.st_dev && found.st_ino == own.st_ino);
}

std::vector<std::string> UpstreamDiscovery::folders_to_watch() const {
    std::vector<std::string> folders;
    for (const UpstreamCandidate& candidate : candidates_) {
        std::error_code ignored;
        fs::path folder = fs::absolute(candidate.path, ignored).parent_path();
        while (!fs::is_directory(folder, ignored) && folder.has_relative_path())
            folder = folder.parent_path();
        const fs::path real = fs::canonical(folder, ignored);  // /var/run is often /run
        std::string name = real.empty() ? folder.string() : real.string();
        if (std::find(folders.begin(), folders.end(), name) == folders.end())
            folders.push_back(std::move(name));
    }
    return folders;
}

}  // namespace exapulse
