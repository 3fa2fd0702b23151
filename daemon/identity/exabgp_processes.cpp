// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/identity/exabgp_processes.hpp"

#include <algorithm>

#include "daemon/exabgp/exabgp_program.hpp"

namespace exapulse {

namespace {

bool same_program(const ProcessInfo& one, const ProcessInfo& other) {
    return !one.arguments.empty() && !other.arguments.empty() &&
           one.arguments[0] == other.arguments[0] && one.name == other.name;
}

}  // namespace

bool is_exabgp(const ProcessInfo& process) {
    return is_exabgp(process.arguments);
}

const ProcessInfo* ExabgpProcesses::find(pid_t pid) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const ProcessInfo& process) {
        return process.start.pid == pid;
    });
    return found == all_.end() ? nullptr : &*found;
}

std::vector<ProcessInfo> ExabgpProcesses::daemons() const {
    std::vector<ProcessInfo> found;
    for (const ProcessInfo& process : all_) {
        if (!is_exabgp(process)) continue;
        const ProcessInfo* parent = find(process.start.parent);
        if (parent == nullptr || !is_exabgp(*parent)) found.push_back(process);
    }
    return found;
}

std::optional<ProcessInfo> ExabgpProcesses::helper_of(const ProcessInfo& daemon) const {
    std::optional<ProcessInfo> helper;
    for (const ProcessInfo& process : all_) {
        if (process.start.parent != daemon.start.pid || !is_exabgp(process)) continue;
        if (helper) return std::nullopt;
        helper = process;
    }
    return helper;
}

std::optional<ProcessInfo> ExabgpProcesses::daemon_of(const ProcessInfo& helper) const {
    if (!is_exabgp(helper)) return std::nullopt;
    const ProcessInfo* parent = find(helper.start.parent);
    if (parent == nullptr || !(is_exabgp(*parent) || same_program(*parent, helper)))
        return std::nullopt;
    return *parent;
}

PipeReaders readers_among(const ExabgpProcesses& processes, const std::vector<PipeUser>& users) {
    PipeReaders readers;
    for (const PipeUser& user : users) {
        const ProcessInfo* process = user.reads ? processes.find(user.pid) : nullptr;
        if (process == nullptr) continue;
        if (is_exabgp(*process))
            readers.helpers.push_back(*process);
        else
            (user.writes ? readers.holders : readers.rivals).push_back(*process);
    }
    return readers;
}

}  // namespace exapulse
