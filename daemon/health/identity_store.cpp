// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/health/identity_store.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::json;

std::optional<HealthMonitor::Known> parse_known(const std::string& text) {
    const json value = json::parse(text, nullptr, false);
    if (!value.is_object()) return std::nullopt;
    const auto uuid = value.find("uuid");
    const auto seen = value.find("seen");
    if (uuid == value.end() || !uuid->is_string() || uuid->get<std::string>().empty())
        return std::nullopt;
    if (seen == value.end() || !seen->is_string()) return std::nullopt;
    const auto time = parse_time(seen->get<std::string>());
    if (!time) return std::nullopt;
    return HealthMonitor::Known{uuid->get<std::string>(), *time};
}

/// Writes and syncs; an errno, or 0.
int write_file(const std::string& path, const std::string& text) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return errno;
    const ssize_t written = write(fd, text.data(), text.size());
    int error = written < 0 ? errno : 0;
    if (written >= 0 && static_cast<std::size_t>(written) != text.size()) error = ENOSPC;
    if (error == 0 && fsync(fd) != 0) error = errno;
    if (close(fd) != 0 && error == 0) error = errno;
    return error;
}

}  // namespace

IdentityStore::IdentityStore(std::string folder)
    : path_((std::filesystem::path(std::move(folder)) / "identity.json").string()) {}

std::optional<HealthMonitor::Known> IdentityStore::load() {
    problem_.clear();
    std::error_code error;
    if (std::filesystem::status(path_, error).type() == std::filesystem::file_type::not_found)
        return std::nullopt;
    std::ifstream file(path_);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || text.str().empty()) {
        // An empty file is what a full disk leaves behind of a careless writer: damaged too.
        problem_ = file ? fmt::format("{} is empty", path_)
                        : fmt::format("{} can't be read: {}", path_, std::strerror(errno));
    } else if (auto known = parse_known(text.str())) {
        return known;
    } else {
        problem_ = fmt::format("{} is damaged", path_);
    }
    const std::string aside = path_ + ".damaged";
    if (std::rename(path_.c_str(), aside.c_str()) == 0)
        problem_ += fmt::format("; set aside as {}", aside);
    problem_ += "; an ExaBGP restart before this start can't be told";
    return std::nullopt;
}

bool IdentityStore::save(const HealthMonitor::Known& known) {
    problem_.clear();
    const json value{{"uuid", known.uuid}, {"seen", format_time(known.seen)}};
    const std::string fresh = path_ + ".new";
    int error = write_file(fresh, value.dump() + "\n");
    if (error == 0 && std::rename(fresh.c_str(), path_.c_str()) != 0) error = errno;
    if (error == 0) return true;
    unlink(fresh.c_str());
    problem_ = fmt::format(
        "{} can't be written: {}; exapulsed goes on, but a restart of ExaBGP "
        "while exapulsed is away will not be told",
        path_, std::strerror(error));
    return false;
}

}  // namespace exapulse
