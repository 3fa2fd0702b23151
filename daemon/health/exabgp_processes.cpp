// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/health/exabgp_processes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace exapulse {

namespace {

std::string_view last_part(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? path : path.substr(slash + 1);
}

/// exabgp, exabgp.py, exabgp-5.0, exabgp.pyz; not exabgpcli.
bool names_exabgp(std::string_view program) {
    constexpr std::string_view name = "exabgp";
    const std::string_view last = last_part(program);
    if (!last.starts_with(name)) return false;
    if (last.starts_with("exabgp-healthcheck") || last.starts_with("exabgp-cli")) return false;
    return last.size() == name.size() || last[name.size()] == '-' || last[name.size()] == '.';
}

bool is_python(std::string_view program) {
    const std::string_view last = last_part(program);
    return last.starts_with("python") || last.starts_with("pypy");
}

/// ExaBGP run as a module has the path of that module as the name of its script.
bool is_exabgp_script(std::string_view path) {
    return names_exabgp(path) || path.ends_with("/exabgp/__main__.py") ||
           path.find("/exabgp/application/") != path.npos;
}

/// What ExaBGP is told to be, when that is not a daemon.
bool is_other_program(std::string_view word) {
    constexpr std::array others{"cli",     "run", "healthcheck", "validate", "encode", "decode",
                                "version", "env", "shell",       "help",     "--help", "--version"};
    return std::find(others.begin(), others.end(), word) != others.end();
}

/// How many of the arguments are the program itself: 0 when it is not ExaBGP.
std::size_t program_length(const std::vector<std::string>& arguments) {
    if (arguments.empty()) return 0;
    if (names_exabgp(arguments[0])) return 1;
    if (!is_python(arguments[0])) return 0;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "-m" && i + 1 < arguments.size()) {
            const std::string& module = arguments[i + 1];
            return module == "exabgp" || module.starts_with("exabgp.application.") ? i + 2 : 0;
        }
        if (word == "-c") return 0;
        if (word == "-W" || word == "-X") ++i;
        if (word.starts_with('-')) continue;
        return is_exabgp_script(word) ? i + 1 : 0;
    }
    return 0;
}

bool same_program(const ProcessInfo& one, const ProcessInfo& other) {
    return !one.arguments.empty() && !other.arguments.empty() &&
           one.arguments[0] == other.arguments[0] && one.name == other.name;
}

}  // namespace

bool is_exabgp(const ProcessInfo& process) {
    const std::size_t program = program_length(process.arguments);
    if (program == 0) return false;
    return program == process.arguments.size() || !is_other_program(process.arguments[program]);
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
