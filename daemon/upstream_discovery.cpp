// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream_discovery.hpp"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>

#include <fmt/format.h>

namespace exapulse {

namespace fs = std::filesystem;

UpstreamDiscovery::UpstreamDiscovery(const std::string& configured, const Environment& environment,
                                     uid_t uid, std::string own_socket)
    : own_socket_(std::move(own_socket)) {
    if (!configured.empty()) {
        candidates_.push_back({configured, "config"});
        return;
    }
    if (const auto path = environment("exabgp_api_socketpath"); path && !path->empty())
        candidates_.push_back({*path, "exabgp_api_socketpath"});

    auto name = environment("exabgp.api.socketname");
    if (!name) name = environment("exabgp_api_socketname");
    // ExaBGP's order; its further folders, below its own installation, are for its developers.
    for (const std::string& folder :
         {std::string("/run/exabgp"), fmt::format("/run/{}", uid), std::string("/run"),
          std::string("/var/run/exabgp"), fmt::format("/var/run/{}", uid), std::string("/var/run")})
        candidates_.push_back(
            {fmt::format("{}/{}.sock", folder, name.value_or("exabgp")), "standard folder"});
}

const UpstreamCandidate* UpstreamDiscovery::find() const {
    struct stat own {};
    const bool have_own = stat(own_socket_.c_str(), &own) == 0;
    const auto is_upstream = [&](const UpstreamCandidate& candidate) {
        struct stat found {};
        if (stat(candidate.path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
        return !(have_own && found.st_dev == own.st_dev && found.st_ino == own.st_ino);
    };
    const auto found = std::find_if(candidates_.begin(), candidates_.end(), is_upstream);
    return found == candidates_.end() ? nullptr : &*found;
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
