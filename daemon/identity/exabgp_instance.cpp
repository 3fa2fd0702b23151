// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/identity/exabgp_instance.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <sstream>
#include <uuid/uuid.h>

#include <fmt/format.h>

#include "common/file_descriptor.hpp"
#include "common/small_file.hpp"
#include "daemon/identity/exabgp_processes.hpp"
#include "daemon/identity/identity_verdict.hpp"
#include "daemon/system/random_id.hpp"

namespace exapulse {

namespace {

/// Our own namespace for name-based UUIDs, drawn once.
constexpr const char* uuid_namespace = "6b0f6a3c-5d0e-4a0b-9a3e-2f4c1d7e8b95";

std::string uuid_of_process(const ProcessStart& process) {
    return uuid_of_name(fmt::format("{} {} {}", boot_id(), process.pid, process.ticks));
}

/// Tolerance for small changes of the wall clock.
constexpr std::chrono::seconds slack{5};

/// A pid and white space.
constexpr std::size_t longest_pidfile = 4U << 10;

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
    return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

}  // namespace

std::string uuid_of_name(std::string_view name) {
    uuid_t space{}, made{};
    std::array<char, UUID_STR_LEN> text{};
    uuid_parse(uuid_namespace, space);
    uuid_generate_sha1(made, space, name.data(), name.size());
    uuid_unparse_lower(made, text.data());
    return text.data();
}

/// What /proc shows at one moment.
struct InstanceFinder::View {
    explicit View(const struct stat& file)
        : users(pipe_users(file)),
          processes(all_processes()),
          readers(readers_among(processes, users.users)),
          whole(sees_whole_host()) {}

    /// Whether this helper may read the pipe: it is seen to, or its files cannot be seen.
    [[nodiscard]] bool may_read(const ProcessInfo& helper) const {
        return contains(users.forbidden, helper.start.pid) ||
               std::any_of(users.users.begin(), users.users.end(), [&](const PipeUser& user) {
                   return user.pid == helper.start.pid && user.reads;
               });
    }

    PipeUsers users;
    ExabgpProcesses processes;
    PipeReaders readers;
    bool whole;
};

InstanceFinder::InstanceFinder(std::string pidfile, const std::optional<KnownInstance>& known)
    : pidfile_(std::move(pidfile)) {
    if (!known) return;
    last_.uuid = known->uuid;
    answered_ = known->seen;
    remembered_ = disturbed_ = true;
}

std::optional<ExabgpInstance> InstanceFinder::find(const struct stat& file) {
    unseen_ = true;
    try {
        return look(file);
    } catch (const ProcUnreadable& error) {
        return known_so_far(error);
    }
}

std::optional<ExabgpInstance> InstanceFinder::find_again(const struct stat& file) {
    try {
        if (last_.uuid.empty() || !is_unchanged()) return look(file);
    } catch (const ProcUnreadable& error) {
        return known_so_far(error);
    }
    answered_ = std::chrono::system_clock::now();
    disturbed_ = false;
    return last_;
}

bool InstanceFinder::is_unchanged() {
    if (helper_ended_ || unseen_) return false;
    // The connection is unbroken, so the helper has not changed.
    if (!seen_) return !disturbed_;
    const Life daemon = life_of(seen_->daemon);
    const Life helper = seen_->helper ? life_of(*seen_->helper) : daemon;
    if (daemon == Life::Alive && helper == Life::Alive) return true;
    // Remembered, as the next call may be unable to see it.
    if (daemon == Life::Ended || helper == Life::Ended) disturbed_ = true;
    return !disturbed_;
}

/// All that is known is kept until the next answer, which is judged as this one would have been.
std::optional<ExabgpInstance> InstanceFinder::known_so_far(const ProcUnreadable& error) {
    problem_ = fmt::format(
        "exapulsed cannot see which ExaBGP answers, and checks again at its next answer: {}",
        error.what());
    if (disturbed_ || last_.uuid.empty()) return std::nullopt;
    return last_;
}

ExabgpInstance InstanceFinder::look(const struct stat& file) {
    const auto seen = inspect(file);
    const std::string uuid = seen ? uuid_of_process(seen->daemon) : random_uuid();
    IdentityEvidence evidence;
    evidence.undisturbed = !disturbed_;
    if (seen_) evidence.before = seen_->daemon;
    evidence.before_ended = seen_ && life_of(seen_->daemon) == Life::Ended;
    evidence.before_was_another =
        seen_ && helper_ended_ && seen_->helper && life_of(*seen_->helper) != Life::Ended;
    if (seen) evidence.now = seen->daemon;
    evidence.now_is_younger = seen && started_at(seen->daemon) > answered_ + slack;
    evidence.now_was_remembered = seen && remembered_ && uuid == last_.uuid;
    evidence.host_restarted = remembered_ && answered_ < host_started();

    const IdentityVerdict verdict = judge_identity(evidence);
    if (last_.uuid.empty() || verdict != IdentityVerdict::Same) {
        last_.proven = last_.uuid.empty() || verdict == IdentityVerdict::Another;
        last_.uuid = uuid == last_.uuid ? random_uuid() : uuid;
    }
    last_.method = seen ? seen->method : IdentityMethod::None;
    seen_ = seen;
    evidence_ = describe(seen);
    answered_ = std::chrono::system_clock::now();
    remembered_ = disturbed_ = helper_ended_ = unseen_ = false;
    return last_;
}

void InstanceFinder::on_lost(bool helper_ended) {
    disturbed_ = true;
    helper_ended_ = helper_ended_ || helper_ended;
}

std::vector<ProcessStart> InstanceFinder::processes() const {
    std::vector<ProcessStart> all;
    if (seen_) all.push_back(seen_->daemon);
    if (seen_ && seen_->helper) all.push_back(*seen_->helper);
    return all;
}

std::optional<InstanceFinder::Seen> InstanceFinder::inspect(const struct stat& file) {
    problem_.clear();
    const View view(file);
    if (auto seen = from_readers(view)) return seen;
    if (!problem_.empty()) return std::nullopt;
    if (auto seen = from_pidfile(view)) return seen;
    return from_lone_exabgp(view);
}

std::optional<InstanceFinder::Seen> InstanceFinder::from_readers(const View& view) {
    const PipeReaders& readers = view.readers;
    const auto& helpers = readers.helpers;
    const ProcessInfo* helper = helpers.empty() ? nullptr : &helpers.front();
    for (const ProcessInfo& other : helpers) {
        if (other.start.parent == helper->start.parent) continue;
        problem_ = fmt::format(
            "{} and {} both read the command pipe: each command reaches one of them by chance; "
            "stop one ExaBGP, or give it its own pipes (exabgp_api_pipename)",
            describe_process(helper->start.pid), describe_process(other.start.pid));
        return std::nullopt;
    }
    if (helper == nullptr) {
        // Its program may have another name; accepted if certainly nobody else reads.
        if (!view.whole || !view.users.forbidden.empty()) return std::nullopt;
        if (readers.rivals.size() + readers.holders.size() != 1) return std::nullopt;
        helper = readers.rivals.empty() ? &readers.holders.front() : &readers.rivals.front();
        const ProcessInfo* parent = view.processes.find(helper->start.parent);
        if (parent == nullptr || parent->start.pid == 1) return std::nullopt;
        return Seen{IdentityMethod::Process, parent->start, helper->start};
    }
    const auto daemon = view.processes.daemon_of(*helper);
    if (!daemon) return std::nullopt;
    return Seen{IdentityMethod::Process, daemon->start, helper->start};
}

/// The file has the pid in ExaBGP's own PID namespace, which need not be ours, so it counts only if
/// an ExaBGP has it there.
std::optional<InstanceFinder::Seen> InstanceFinder::from_pidfile(const View& view) {
    if (pidfile_.empty()) return std::nullopt;
    const SmallFile file = read_small_file(pidfile_, longest_pidfile, SymbolicLinks::Follow);
    if (lacks_resources(file.error))
        throw ProcUnreadable(fmt::format("{} {}", pidfile_, file.problem));
    pid_t pid = 0;
    struct stat written {};
    if (!(std::istringstream(file.text) >> pid) || stat(pidfile_.c_str(), &written) != 0) {
        problem_ = fmt::format("upstream.pidfile {}: cannot read a pid from it", pidfile_);
        return std::nullopt;
    }
    std::vector<ProcessInfo> named = view.processes.daemons();
    std::erase_if(named, [&](const ProcessInfo& daemon) {
        const auto helper = view.processes.helper_of(daemon);
        return own_pid_of(daemon.start.pid) != pid || (helper && !view.may_read(*helper));
    });
    if (named.size() != 1) {
        problem_ = fmt::format(
            "upstream.pidfile {} names process {}, {}", pidfile_, pid,
            named.empty() ? "which is no ExaBGP on these pipes visible from here: the file is "
                            "stale, or ExaBGP runs in a container whose PID namespace exapulsed "
                            "must share"
                          : "but more than one visible ExaBGP has that pid in its PID namespace");
        return std::nullopt;
    }
    const ProcessInfo& daemon = named.front();
    if (started_at(daemon.start) > WallTime::clock::from_time_t(written.st_mtime) + slack) {
        problem_ = fmt::format(
            "upstream.pidfile {} is stale: process {}, which it names, is younger than the file",
            pidfile_, pid);
        return std::nullopt;
    }
    Seen seen{IdentityMethod::Pidfile, daemon.start, std::nullopt};
    if (const auto helper = view.processes.helper_of(daemon)) seen.helper = helper->start;
    return seen;
}

std::optional<InstanceFinder::Seen> InstanceFinder::from_lone_exabgp(const View& view) {
    if (!view.whole) return std::nullopt;
    std::optional<Seen> lone;
    for (const ProcessInfo& daemon : view.processes.daemons()) {
        const auto helper = view.processes.helper_of(daemon);
        if (!helper || !view.may_read(*helper)) continue;
        if (lone) return std::nullopt;
        lone = Seen{IdentityMethod::Only, daemon.start, helper->start};
    }
    return lone;
}

std::string InstanceFinder::describe(const std::optional<Seen>& seen) const {
    if (!seen) return "";
    const std::string who = describe_process(seen->daemon.pid);
    switch (seen->method) {
        case IdentityMethod::Process:
            assert(seen->helper);
            return fmt::format("{}, whose helper (pid {}) reads the command pipe", who,
                               seen->helper->pid);
        case IdentityMethod::Pidfile:
            return fmt::format("{}, named by {}", who, pidfile_);
        case IdentityMethod::Only:
            return fmt::format("{}, the only ExaBGP on this host with a helper for pipes", who);
        case IdentityMethod::Ping:
        case IdentityMethod::None:
            return "";
    }
    return "";
}

}  // namespace exapulse
