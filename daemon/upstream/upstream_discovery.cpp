// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/upstream_discovery.hpp"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>

#include <fmt/format.h>

namespace exapulse {

namespace fs = std::filesystem;

namespace {

/// ExaBGP's order; its further folders, below its own installation, are for its developers.
std::vector<std::string> standard_folders(uid_t uid) {
    return {"/run/exabgp",     fmt::format("/run/{}", uid),     "/run",
            "/var/run/exabgp", fmt::format("/var/run/{}", uid), "/var/run"};
}

std::string api_name(const UpstreamDiscovery::Environment& environment, const char* setting) {
    auto name = environment(fmt::format("exabgp.api.{}", setting));
    if (!name) name = environment(fmt::format("exabgp_api_{}", setting));
    return name.value_or("exabgp");
}

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

UpstreamDiscovery::UpstreamDiscovery(const Configured& configured, const Environment& environment,
                                     uid_t uid, std::string own_socket)
    : own_socket_(std::move(own_socket)) {
    using enum UpstreamKind;
    if (!configured.socket.empty()) candidates_.push_back({Socket, configured.socket, "config"});
    if (!configured.fifo.empty())
        candidates_.push_back({Fifo, without_suffix(configured.fifo), "config"});
    if (!candidates_.empty()) return;

    if (const auto path = environment("exabgp_api_socketpath"); path && !path->empty())
        candidates_.push_back({Socket, *path, "exabgp_api_socketpath"});
    const std::string socket = api_name(environment, "socketname");
    const std::string pipes = api_name(environment, "pipename");
    for (const std::string& folder : standard_folders(uid))
        candidates_.push_back(
            {Socket, fmt::format("{}/{}.sock", folder, socket), "standard folder"});
    for (const std::string& folder : standard_folders(uid))
        candidates_.push_back({Fifo, fmt::format("{}/{}", folder, pipes), "standard folder"});
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
