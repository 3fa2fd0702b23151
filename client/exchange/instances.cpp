// SPDX-License-Identifier: BSD-3-Clause
#include "client/exchange/instances.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/directory_entries.hpp"
#include "common/nearest.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

namespace fs = std::filesystem;

std::vector<std::string> instances_in(const std::string& directory) {
    const fs::path socket = fs::path(default_socket_path).filename();
    std::vector<std::string> names;
    std::error_code error;
    for (const fs::path& entry : directory_entries(directory, error)) {
        const std::string name = entry.filename().string();
        if (!instance_name_problem(name) && fs::is_socket(entry / socket, error))
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> instances() {
    return instances_in(fs::path(default_socket_path).parent_path().string());
}

std::string instance_advice(std::string_view path, std::span<const std::string> instances) {
    if (instances.empty()) return {};
    const std::string all = fmt::format("{}", fmt::join(instances, ", "));
    if (path == default_socket_path)
        return fmt::format(
            "; this host has instances, choose one with --instance or EXAPULSE_INSTANCE: {}", all);
    const auto instance = instance_of(path);
    if (!instance) return {};
    const std::vector<std::string_view> known(instances.begin(), instances.end());
    const std::string_view near = nearest(*instance, known);
    return near.empty() ? fmt::format("; the instances of this host are: {}", all)
                        : fmt::format("; did you mean the instance {}?", near);
}

}  // namespace exapulse::client
