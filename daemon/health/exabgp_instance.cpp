// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/health/exabgp_instance.hpp"

#include <array>
#include <ctime>
#include <fstream>
#include <unistd.h>
#include <uuid/uuid.h>

#include <fmt/format.h>

#include "daemon/health/process_table.hpp"
#include "daemon/random_id.hpp"

namespace exapulse {

namespace {

/// Our own namespace for name-based UUIDs, drawn once.
constexpr const char* uuid_namespace = "6b0f6a3c-5d0e-4a0b-9a3e-2f4c1d7e8b95";

std::string uuid_of_process(const ProcessStart& process) {
    return uuid_of_name(fmt::format("{} {} {}", boot_id(), process.pid, process.ticks));
}

WallTime host_started() {
    timespec up{};
    clock_gettime(CLOCK_BOOTTIME, &up);
    return std::chrono::system_clock::now() - std::chrono::seconds(up.tv_sec);
}

WallTime started_at(const ProcessStart& process) {
    const auto per_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    return host_started() + std::chrono::seconds(process.ticks / per_second);
}

/// Both times are whole seconds, and the wall clock may have been set a little.
constexpr std::chrono::seconds slack{5};

}  // namespace

std::string uuid_of_name(std::string_view name) {
    uuid_t space{}, made{};
    std::array<char, UUID_STR_LEN> text{};
    uuid_parse(uuid_namespace, space);
    uuid_generate_sha1(made, space, name.data(), name.size());
    uuid_unparse_lower(made, text.data());
    return text.data();
}

InstanceFinder::InstanceFinder(std::string pidfile,
                               const std::optional<HealthMonitor::Known>& known)
    : pidfile_(std::move(pidfile)) {
    // What was known before the host started is surely gone.
    if (known && known->seen > host_started()) last_.uuid = known->uuid;
}

ExabgpInstance InstanceFinder::find(const struct stat& file) {
    problem_.clear();
    ExabgpInstance found;
    if (auto uuid = from_process(file))
        found = {std::move(*uuid), IdentityMethod::Process};
    else if (auto from_file = from_pidfile())
        found = {std::move(*from_file), IdentityMethod::Pidfile};
    else
        found = {counted(), IdentityMethod::Counted};
    last_ = found;
    died_ = false;
    return found;
}

ExabgpInstance InstanceFinder::find_again(const struct stat& file) {
    if (last_.method == IdentityMethod::Counted) return last_;
    if (relay_) {
        const auto now = process_start(relay_->pid);
        if (now && now->ticks == relay_->ticks) return last_;
    }
    return find(file);
}

std::optional<std::string> InstanceFinder::from_process(const struct stat& file) {
    relay_.reset();
    std::optional<pid_t> helper;
    for (const PipeUser& user : pipe_users(file)) {
        if (!user.reads) continue;
        if (helper) {
            problem_ = fmt::format(
                "{} and {} both read the command pipe: each command reaches one of them by chance; "
                "stop one ExaBGP, or give it pipes of its own (exabgp_api_pipename)",
                describe_process(*helper), describe_process(user.pid));
            return std::nullopt;
        }
        helper = user.pid;
    }
    if (!helper) return std::nullopt;
    relay_ = process_start(*helper);
    const auto daemon = relay_ ? process_start(relay_->parent) : std::nullopt;
    if (!daemon) return std::nullopt;
    return uuid_of_process(*daemon);
}

/// A file that an ExaBGP which was killed left behind names nobody, or somebody younger than it.
std::optional<std::string> InstanceFinder::from_pidfile() {
    if (pidfile_.empty()) return std::nullopt;
    std::ifstream file(pidfile_);
    pid_t pid = 0;
    struct stat written {};
    if (!(file >> pid) || stat(pidfile_.c_str(), &written) != 0) {
        problem_ = fmt::format("upstream.pidfile {}: no process id can be read there", pidfile_);
        return std::nullopt;
    }
    const auto daemon = process_start(pid);
    if (!daemon || started_at(*daemon) > WallTime::clock::from_time_t(written.st_mtime) + slack) {
        problem_ =
            fmt::format("upstream.pidfile {} is stale: the process {} that it names {}", pidfile_,
                        pid, daemon ? "is younger than the file" : "does not exist");
        return std::nullopt;
    }
    return uuid_of_process(*daemon);
}

std::string InstanceFinder::counted() {
    if (last_.uuid.empty()) return random_uuid();
    return died_ ? uuid_of_name(fmt::format("{} next", last_.uuid)) : last_.uuid;
}

}  // namespace exapulse
